// A no to what was agreed to: the token goes out of the cart, and out of the browser once the server has heard it; until
// then the next page tries again. A no that was said on the quiz's own pages is remembered in its place.
let base = d.currentScript.src.split("/qf-withdraw.js")[0], token = (localStorage.qf || "").split(" ")[0];
carry("", "");
d.dispatchEvent(new CustomEvent("qf:token", { detail: null, bubbles: true }));
fetch(base + "/s/consent", {
  method: "POST",
  body: JSON.stringify({ token, choice: "no" }),
  credentials: "include",
  keepalive: true
}).then((answer) => {
  if (!answer.ok) return;
  if (w.qf.answer && w.qf.answer.forget) localStorage.qf = "no";
  else localStorage.removeItem("qf");
}).catch(() => {});
