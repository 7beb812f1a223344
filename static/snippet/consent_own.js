// Our own question of consent, for a shop without one: asked of everybody before any draw, and the answer remembered.
const listen = () => {
  let kept = localStorage.qf_consent;
  if (kept) consent(kept == "yes");
  else load("banner");
};
