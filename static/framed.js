// A page in a frame on the shop's page: tells that page its height and its steps, and no other page anything.
{
  const d = document;
  const { entry, parent: shop } = d.currentScript.dataset;
  // Whoever opened the frame's address by itself has no page around it.
  const tell = (qf, value) => parent !== window && parent.postMessage({ qf, value }, shop);
  const goTo = (address) => location.replace(address);
  const step = (goal) => {
    goal.tabIndex = -1;
    goal.focus({ preventScroll: true });
    tell("step");
  };
  let height, visitor;

  const measure = () => {
    const now = Math.min(5000, Math.ceil(d.body.getBoundingClientRect().height));
    if (now !== height) tell("height", (height = now));
  };
  // Whom the shop's page names goes along with the start, for counting.
  const name = () => {
    for (const form of d.querySelectorAll("form[action*='/start?']")) {
      const field = form.visitor || d.createElement("input");
      Object.assign(field, { type: "hidden", name: "visitor", value: visitor });
      form.append(field);
    }
  };
  addEventListener("message", ({ data, origin, source }) => {
    if (origin !== shop || source !== parent || data?.qf !== "visitor") return;
    visitor = String(data.value);
    name();
  });
  // Others in this page tell of the quiz's steps, for the shop's own analytics.
  d.addEventListener("qf:event", ({ detail }) => tell("event", detail));

  addEventListener("htmx:afterSwap", () => {
    if (!d.querySelector("#e")) tell("step");
    name();
  });

  // A popup leaves no entries in the history of the page below it: Back closes it.
  if (entry === "popup") {
    addEventListener("keydown", ({ key }) => key === "Escape" && tell("close"));
    addEventListener("click", (e) => {
      const link = e.target.closest("a[href]");
      if (!link || link.target || e.defaultPrevented || e.ctrlKey || e.metaKey || e.shiftKey) return;
      if (link.hash && link.pathname === location.pathname) return;
      e.preventDefault();
      goTo(link.href);
    });
    addEventListener("submit", (e) => {
      if (e.defaultPrevented) return;
      const form = e.target;
      e.preventDefault();
      fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, e.submitter)) }).then(
        (answer) => (answer.ok ? goTo(answer.url) : form.submit()),
        () => form.submit(),
      );
    });
    addEventListener("htmx:beforeOnLoad", (e) => {
      const address = e.detail.xhr.getResponseHeader("HX-Redirect");
      if (!address) return;
      e.preventDefault();
      goTo(address);
    });
  }

  new ResizeObserver(measure).observe(d.body);
  tell("hello");
  // Whoever came here from the page before, in this frame, goes on with the keyboard where the new page begins.
  if (d.hasFocus()) step(d.querySelector("h1"));
}
