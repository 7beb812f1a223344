// The link to a result: a phone's own sheet shares it, a clipboard takes it; without either it stays the link that it is.
const named = () => {
  for (const link of document.querySelectorAll("[data-copy]")) if (navigator.share) link.textContent = link.dataset.share;
  for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
};
const copy = (link) =>
  navigator.clipboard.writeText(link.href).then(
    () => (document.getElementById("say").textContent = link.dataset.copied),
    () => open(link.href, "_top"),
  );
addEventListener("click", (e) => {
  if (e.target.closest("[data-print]")) return print();
  const link = e.target.closest("[data-copy]");
  if (!link || !(navigator.share || navigator.clipboard)) return;
  e.preventDefault();
  if (!navigator.share) return copy(link);
  // closed without a choice it is done; refused, as in a frame that may not share, it is copied
  navigator
    .share({ title: document.title, url: link.href })
    .catch((error) => error.name === "AbortError" || (navigator.clipboard ? copy(link) : open(link.href, "_top")));
});
addEventListener("htmx:afterSwap", named);
named();
