// After the first token: it goes into the cart, and where the quiz is on another site, where no cookie of the shop's pages
// reaches, a link to it takes a token along, once.
let base = d.currentScript.src.split("/qf-cart.js")[0];
let click = /[?&]qf_click=([\w.%-]+)/.exec(location.search);
let key = () => (localStorage.qf || "").split(" ")[1];

if (localStorage.qf) carry(localStorage.qf.split(" ")[0], click ? decodeURIComponent(click[1]) : undefined);

d.addEventListener("click", (event) => {
  let link = event.target.closest("a[href]");
  let plain = !event.button && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.defaultPrevented;
  if (!link || !plain || link.target || !key()) return;
  if (!link.href.startsWith(base + "/q/") && !link.href.startsWith(base + "/c/")) return;
  event.preventDefault();
  const go = (answer) => {
    let way = new URL(link.href);
    if (answer && answer.h) way.searchParams.set("h", answer.h);
    location = way;
  };
  fetch(base + "/s/handover", { method: "POST", body: JSON.stringify({ key: key() }), credentials: "omit" })
    .then((answer) => answer.json()).then(go, go);
});
