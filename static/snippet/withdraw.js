// A no to what was agreed to: the token goes out of the cart, and out of the browser once the server has heard it; until
// then the next page tries again.
let base = d.currentScript.src.split("/qf-withdraw.js")[0], token = (localStorage.qf || "").split(" ")[0];
carry("", "");
d.dispatchEvent(new CustomEvent("qf:token", { detail: null, bubbles: true }));
fetch(base + "/s/consent", {
  method: "POST",
  body: JSON.stringify({ token, choice: "no" }),
  credentials: "include",
  keepalive: true
}).then((answer) => {
  if (answer.ok) localStorage.removeItem("qf");
}).catch(() => {});
