// Active time: the union of 30 s (and of 10 s) after each interaction, while visible. The timer only sends.
{
  let v, last, mark, on;
  const settle = () => {
    const t = performance.now();
    if (on && t > mark)
      for (const n of [10, 30]) v["a" + n] += Math.max(0, Math.min(t, last + n * 1e3) - mark);
    mark = t;
  };
  const act = () => {
    settle();
    last = mark;
  };
  const wake = () => {
    act();
    on = v && !document.hidden;
  };
  const claim = () => {
    settle();
    return { seq: ++v.seq, a30: Math.round(v.a30), a10: Math.round(v.a10) };
  };
  const send = () => {
    settle();
    if (!v || v.told === v.a30) return;
    v.told = v.a30;
    navigator.sendBeacon(v.to, JSON.stringify({ view: v.view, question: v.question, ...claim() }));
  };
  const sleep = () => {
    send();
    on = 0;
  };
  const look = () => {
    const step = document.getElementById("step");
    const { question, beacon: to } = step.dataset;
    const view = to && step.querySelector("[name=view]").value;
    if (v && v.view === view) return;
    if (v && (!v.posted || v.question === question)) send(); // else its time went with the answer
    on = 0;
    v = to && { view, question, to, a30: 0, a10: 0, seq: 0 };
    wake();
  };
  for (const e of "pointerdown pointermove keydown touchstart touchmove wheel input scroll".split(" "))
    addEventListener(e, act, { capture: true, passive: true });
  addEventListener("submit", ({ target: { elements: fields } }) => {
    if (!fields.a30) return;
    for (const [name, value] of Object.entries(claim())) fields[name].value = value;
    v.posted = 1;
  }, true);
  document.addEventListener("visibilitychange", () => (document.hidden ? sleep() : wake()));
  addEventListener("pagehide", sleep);
  addEventListener("pageshow", wake);
  addEventListener("htmx:afterSwap", look);
  setInterval(send, 15e3);
  look();
}
