// Of the demo's shop, as any shop has it: the token that the snippet tells goes into the cart, with the click that led here.
document.addEventListener("qf:token", ({ detail: token }) => {
  const click = new URLSearchParams(location.search).get("qf_click");
  const attributes = token ? { qf_visitor: token, ...(click && { qf_click: click }) } : { qf_visitor: "", qf_click: "" };
  fetch("/cart/update.js", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ attributes }),
    keepalive: true
  });
});
