// A tap or click on a single choice is Next too, where the page says so first. A keyboard only ever chooses.
{
  const WAIT = 250; // long enough to see what was chosen, and to choose otherwise
  let pressed, first, going;

  // Whatever is pressed meanwhile counts in its place: another choice, Next, the way back.
  addEventListener("pointerdown", ({ target }) => {
    pressed = target.closest(".set label");
    clearTimeout(going);
  });
  // A click that a key makes follows no pointer: arrows, space, a digit.
  addEventListener("keydown", () => {
    pressed = undefined;
    clearTimeout(going);
  });
  addEventListener("click", (e) => {
    const label = e.target.closest(".set label");
    // The second half of a double click is meant for the question that was there before.
    if (label && e.detail > 1 && first && !first.isConnected) e.preventDefault();
    else if (label && e.detail === 1) first = label;
  }, true);
  addEventListener("click", ({ target: box, defaultPrevented }) => {
    if (defaultPrevented || !pressed || box.type !== "radio" || !pressed.contains(box)) return;
    if (!document.querySelector("#go-on") || box.form.matches(".held")) return;
    going = setTimeout(() => {
      if (box.isConnected && box.checked) box.form.querySelector("button:not([name])").click();
    }, WAIT);
  });
}
