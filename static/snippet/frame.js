// The quiz on the shop's page: in a place of the page, or in a popup that a click opens. Nothing opens by itself.
let base = d.currentScript.src.split("/qf-frame.js")[0], home = new URL(base).origin, frames = [], visitor = "";

// A frame that has not spoken yet is still a page of nobody's.
const name = (one) => one.heard && one.it.contentWindow.postMessage({ qf: "visitor", value: visitor }, home);

const page = d.documentElement.lang, wanted = page.toLowerCase();
const words = set.words[wanted] || set.words[wanted.split("-")[0]] || set.words.en;

const frame = (place, slug, entry) => {
  let it = d.createElement("iframe");
  it.src = base + "/q/" + encodeURIComponent(slug) + "?" + entry + "=" + encodeURIComponent(location.origin) + (page ? "&lang=" + encodeURIComponent(page) : "");
  it.title = place.dataset.qfTitle || place.textContent.trim() || words.quiz;
  it.allow = "clipboard-write; fullscreen";
  it.style.cssText = "display:block;width:100%;height:0;border:0";
  frames.push({ it, place, entry });
  return it;
};

const dialog = (link) => {
  let box = d.createElement("dialog"), close = d.createElement("button"), root = d.documentElement, scroll;
  let it = frame(link, link.dataset.qfQuiz, "popup");
  box.style.cssText = "box-sizing:border-box;width:46rem;max-width:calc(100vw - 1rem);max-height:none;padding:0;border:0;border-radius:.6rem;overflow:hidden;box-shadow:0 0 0 200vmax rgba(0,0,0,.5)";
  close.style.cssText = "display:block;margin:0 0 0 auto;min-height:2.75rem;padding:0 1rem;border:0;background:none;color:inherit;font:inherit;cursor:pointer";
  close.type = "button";
  close.textContent = link.dataset.qfClose || words.close;
  close.onclick = () => box.close();
  box.ariaLabel = it.title;
  box.onclose = () => {
    root.style.overflow = scroll;
    if (history.state && history.state.qf) history.back();
    link.focus();
  };
  box.append(close, it);
  d.body.append(box);
  return () => {
    scroll = root.style.overflow;
    root.style.overflow = "hidden";
    box.showModal();
    it.focus();
    // Back closes the popup, as it leaves any page that came last.
    history.pushState({ qf: 1 }, "");
  };
};

const popup = (link) => {
  let open;
  link.addEventListener("click", (event) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || !w.HTMLDialogElement) return;
    event.preventDefault();
    open = open || dialog(link);
    open();
  });
};

const heard = {
  hello: (one) => {
    one.heard = 1;
    name(one);
  },
  height: ({ it, place, entry }, value) => {
    if (!Number.isInteger(value) || value < 0 || value > 5000) return;
    it.style.height = entry == "popup" ? "min(" + value + "px, 100dvh - 6rem)" : value + "px";
    // The link in the place stays until the quiz has shown itself: where a frame is blocked it is what there is.
    if (entry == "frame") for (let other of [...place.childNodes]) if (other != it) other.remove();
  },
  step: ({ it, place, entry }) => {
    let top = it.getBoundingClientRect().top, calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (entry == "frame" && (top < 0 || top > innerHeight / 2)) place.scrollIntoView({ behavior: calm ? "auto" : "smooth" });
  },
  close: ({ it, entry }) => entry == "popup" && it.parentNode.close(),
  event: ({ place }, detail) => {
    if (w.dataLayer) w.dataLayer.push(detail);
    place.dispatchEvent(new CustomEvent("qf:event", { detail, bubbles: true }));
  }
};
w.addEventListener("message", ({ data, origin, source }) => {
  let one = origin == home && frames.find(({ it }) => it.contentWindow == source);
  if (one && data && Object.hasOwn(heard, data.qf)) heard[data.qf](one, data.value);
});
w.addEventListener("popstate", () => {
  for (let { it, entry } of frames) if (entry == "popup" && it.parentNode.open) it.parentNode.close();
});

// Whom the snippet counts is named to the quiz as in a cart, and taken back with the consent.
const count = (token) => {
  visitor = token || "";
  frames.map(name);
};
d.addEventListener("qf:token", ({ detail }) => count(detail));
d.addEventListener("qf:consent", ({ detail }) => detail || count());

// A place that is an invitation too shows the quiz to whoever is invited, and the one that was drawn.
const settle = () => {
  let { token, invite } = (w.qf || {}).answer || {};
  let drawn = invite && /\/q\/([^/?]+)(\?|$)/.exec(invite.url);
  if (token) count(token);
  for (let place of d.querySelectorAll("[data-qf-quiz]:not([data-qf-ready])")) {
    let isInvitation = "qf" in place.dataset;
    if (isInvitation && !invite) continue;
    place.dataset.qfReady = "";
    if (place.matches("a,button")) popup(place);
    else place.append(Object.assign(frame(place, isInvitation && drawn ? drawn[1] : place.dataset.qfQuiz, "frame"), { loading: "lazy" }));
  }
};
d.addEventListener("qf:invite", settle);
settle();
