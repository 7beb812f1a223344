// The invitation as the snippet draws it. Texts are set as texts, and styles one by one, as every shop's CSP allows.
const make = (name, kind, text, style) => {
  let node = d.createElement(name);
  node.className = "qf-" + kind;
  node.textContent = text;
  node.style.cssText = style;
  return node;
};

const find = (selector) => {
  try {
    return selector && d.querySelector(selector);
  } catch (e) {
    return null;
  }
};

const draw = ({ url, title, text, button, place, lang }) => {
  let spot = find(place) || find(set.places), whole = [url, title, text, button].every((part) => typeof part == "string");
  // A place that shows the quiz itself wants no card.
  if (!spot || !whole || spot.matches("[data-qf-quiz]") || find(".qf-card")) return;
  let card = make("aside", "card", "", "display:flex;flex-wrap:wrap;gap:.5em 1em;align-items:center;box-sizing:border-box;min-height:inherit;padding:.75em 1em;border:1px solid color-mix(in srgb, currentColor 25%, transparent);border-radius:.6em;text-align:start");
  let words = make("div", "words", "", "flex:1 1 12em");
  let link = make("a", "button", button, "display:inline-flex;align-items:center;min-height:44px;padding:0 1.1em;border:1px solid;border-radius:.6em;color:inherit;font-weight:600;text-decoration:none;box-sizing:border-box");
  link.href = url;
  if (!/^https?:$/.test(link.protocol)) return;
  card.lang = lang;
  words.append(make("strong", "title", title, "display:block"), make("span", "text", text, ""));
  card.append(words, link);
  spot.append(card);
  // What is shown once keeps its room, so that nothing moves when it goes.
  spot.style.minHeight = spot.offsetHeight + "px";
  d.addEventListener("qf:token", (event) => {
    if (!event.detail) card.remove();
  });
};

draw(w.qf.answer.invite);
