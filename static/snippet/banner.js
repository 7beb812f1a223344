// Our own question of consent: two buttons of one size, no choice made beforehand, and the page is not covered.
const make = (name, kind, text, style) => {
  let node = d.createElement(name);
  node.className = "qf-" + kind;
  node.textContent = text;
  node.style.cssText = style;
  return node;
};

const button = (choice, text, banner) => {
  let node = make("button", "choice", text, "flex:1 1 8em;min-height:44px;padding:.5em 1em;border:1px solid currentColor;border-radius:.6em;background:Canvas;color:CanvasText;font:inherit;font-weight:600;cursor:pointer");
  node.type = "button";
  node.addEventListener("click", () => {
    try {
      localStorage.qf_consent = choice;
    } catch (e) {}
    banner.remove();
    w.qf.push(["consent", choice == "yes"]);
  });
  return node;
};

const ask = () => {
  if (d.querySelector(".qf-banner") || navigator.globalPrivacyControl) return;
  let wanted = d.documentElement.lang.toLowerCase();
  let language = [wanted, wanted.split("-")[0]].find((each) => set.words[each]) || "en", said = set.words[language];
  let banner = make("section", "banner", "", "position:fixed;inset:auto 0 0 0;z-index:2147483000;display:flex;flex-wrap:wrap;gap:.75em 1.5em;align-items:center;padding:1em max(1em, calc(50vw - 30em));border-top:1px solid;background:Canvas;color:CanvasText;color-scheme:light dark;font-size:1rem;line-height:1.45");
  banner.setAttribute("aria-label", said.notice);
  banner.lang = language;
  banner.dir = "auto";
  let text = make("p", "question", said.text + " ", "flex:1 1 20em;margin:0");
  if (set.notice) {
    let link = make("a", "notice", said.notice, "color:inherit");
    link.href = set.notice;
    text.append(link);
  }
  let choices = make("div", "choices", "", "display:flex;flex:1 1 18em;gap:.75em");
  choices.append(button("no", said.no, banner), button("yes", said.yes, banner));
  banner.append(text, choices);
  d.body.prepend(banner);
};

ask();
