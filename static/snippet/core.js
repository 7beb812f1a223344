// The snippet: tells of each view, keeps the visitor's token, and loads what a page needs besides. `set` is the store's.
// Nothing here throws: whatever is blocked, missing or garbled leaves the page as it is, in both arms alike.
let base = d.currentScript.src.split("/qf.js")[0], said = set.ask ? "unknown" : "yes", visible = 0, waiting = [];
let token, view, since, seen, begun;

const safe = (act) => (x) => { try { return act(x) } catch (e) {} };
const on = (name, act, target = d) => target.addEventListener(name, safe(act));
const find = safe((selector) => d.querySelector(selector));
const tell = (name, detail) => d.dispatchEvent(new CustomEvent("qf:" + name, { detail, bubbles: 1, cancelable: 1 }));

// Reads what is kept, or keeps another text, or with "" forgets it.
const keep = safe((text) => {
  if (text) localStorage.qf = text;
  if (text == "") delete localStorage.qf;
  return localStorage.qf;
});

// A cookie travels with consent alone.
const post = (path, body, then) => fetch(base + "/s" + path, {
  method: "POST",
  body: JSON.stringify(body),
  keepalive: 1,
  credentials: said == "yes" ? "include" : "omit"
}).then((answer) => answer.ok && answer.json().then(then)).catch((e) => e);

const load = (part) => d.head.append(Object.assign(d.createElement("script"), { src: base + "/qf-" + part + ".js" }));

const look = () => {
  let yes = said == "yes", kept = yes && keep() || "", [own, key] = kept.split(" "), store = yes && !!keep(kept || "0");
  if (yes) keep(kept);
  post("", {
    path: location.pathname.slice(0, 500),
    query: location.search.slice(0, 500),
    ref: d.referrer.slice(0, 500),
    token: own,
    consent: said,
    store,
    place: !!find(set.places),
    again: seen > 1,
    lang: d.documentElement.lang
  }, (answer) => {
    qf.answer = answer;
    view = answer.view;
    if (said == "yes" && (token = answer.token)) {
      keep(token + " " + (key = answer.key || key || ""));
      send();
      tell("token", token);
      if (set.cart || key) load("cart");
    }
    if (answer.forget) load("withdraw");
    if (answer.invite && tell("invite", answer.invite)) load("card");
  });
  seen = yes ? 1 : 2;
};

// Events wait for the token.
const send = () => token && waiting.splice(0).map(([, name, more]) =>
  post("/event", { token, name, id: Date.now() + "-" + Math.random(), ...more })
);

// A browser that says no by itself (Global Privacy Control) never agrees.
const consent = (yes) => {
  let before = said;
  said = yes && !navigator.globalPrivacyControl ? "yes" : "no";
  if (said == before) return;
  if (said == "no") forget();
  else if (begun) look();
  tell("consent", said == "yes");
};

const forget = () => {
  said = "no";
  token = view = 0;
  if (keep()) load("withdraw");
};

const run = safe((call) => ({
  ask: () => load("banner"),
  consent: () => consent(call[1] === true),
  event: () => set.events.includes(call[1]) && waiting.push(call) && send(),
  forget,
  view: () => {
    leave();
    seen = view = visible = 0;
    look();
  }
})[call[0]]());

const time = () => {
  if (since) visible += performance.now() - since;
  since = !d.hidden && performance.now();
};

const leave = () => {
  time();
  if (view) navigator.sendBeacon(base + "/s/end", JSON.stringify({ view, ms: visible | 0 }));
};

// A banner may come later than this script: until everything is loaded nobody is counted as not having agreed.
const wait = () => {
  safe(listen)();
  if (!seen) look();
};

const start = () => {
  let early = w.qf || [];
  w.qf = { push: run };
  if (navigator.globalPrivacyControl) consent();
  safe(listen)();
  early.map(run);
  begun = 1;
  if (said == "unknown" && d.readyState != "complete") on("load", wait, w);
  else look();
  time();
  on("visibilitychange", time);
  on("pagehide", leave, w);
  if (find("[data-qf-quiz]")) load("frame");
};

const ready = () => {
  if (d.prerendering) on("prerenderingchange", ready);
  else if (d.readyState == "loading") on("DOMContentLoaded", start);
  else start();
};

// The other parts are declared by the time that this runs.
Promise.resolve().then(safe(ready));
