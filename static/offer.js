// "Copy a link to this result" copies; without a clipboard it stays the link that it is.
addEventListener("click", (e) => {
  const link = e.target.closest("[data-copy]");
  if (!link || !navigator.clipboard) return;
  e.preventDefault();
  navigator.clipboard.writeText(link.href).then(
    () => (document.getElementById("say").textContent = "Link copied"),
    () => open(link.href, "_top"),
  );
});
