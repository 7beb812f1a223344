// Invested time: the union of 30 s (strictly 10 s) after each interaction, while the page is visible.
// Only interactions and visibility are accounted; the one timer sends what has been counted.
(() => {
  let v, last, mark, on;

  const settle = () => {
    const t = performance.now();
    if (on && t > mark) {
      v.a30 += Math.max(0, Math.min(t, last + 3e4) - mark);
      v.a10 += Math.max(0, Math.min(t, last + 1e4) - mark);
    }
    mark = t;
  };
  const act = () => {
    if (v && on) {
      settle();
      last = mark;
    }
  };
  const wake = () => {
    if (v && !document.hidden) {
      settle();
      last = mark;
      on = true;
    }
  };
  const claim = () => ({ seq: ++v.seq, a30: Math.round(v.a30), a10: Math.round(v.a10) });
  const send = () => {
    if (!v) return;
    settle();
    if (v.told === v.a30) return;
    v.told = v.a30;
    navigator.sendBeacon(v.beacon, JSON.stringify({ view: v.view, question: v.question, ...claim() }));
  };
  const sleep = () => {
    send();
    on = false;
  };
  const look = () => {
    const step = document.getElementById("step");
    const { question, beacon } = step.dataset;
    const view = beacon && step.querySelector("[name=view]").value;
    if (v && v.view === view) return;
    if (v && (v.question === question || !v.posted)) send(); // else its time went with the answer
    on = false;
    v = beacon && { view, question, beacon, a30: 0, a10: 0, seq: 0 };
    wake();
  };

  for (const e of "pointerdown pointermove keydown touchstart touchmove wheel input scroll".split(" "))
    addEventListener(e, act, { capture: true, passive: true });
  addEventListener("submit", (e) => {
    if (!v || !e.target.elements.a30) return;
    settle();
    v.posted = 1;
    for (const [name, value] of Object.entries(claim())) e.target.elements[name].value = value;
  }, true);
  document.addEventListener("visibilitychange", () => (document.hidden ? sleep() : wake()));
  addEventListener("pagehide", sleep);
  addEventListener("pageshow", wake);
  document.addEventListener("htmx:afterSwap", look);
  setInterval(send, 15e3);
  look();
})();
