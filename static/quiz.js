// Comfort for the shopper's pages. Without it every form posts and every link leads on just the same.
(() => {
  const d = document;
  const $ = (selector) => d.querySelector(selector);
  const all = (selector) => [...d.querySelectorAll(selector)];
  let slow, sender;

  const say = (text, again) => {
    clearTimeout(slow);
    const box = $("#say");
    box.textContent = text;
    if (again) {
      const button = d.createElement("button");
      button.textContent = "Try again";
      button.onclick = again;
      box.append(button);
    }
  };
  const free = () => all("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));

  const count = () => {
    const line = $("#n");
    if (!line) return;
    const n = all(".set [name=answer]:checked").length;
    const over = n - (line.dataset.most || n);
    line.dataset.ask ||= line.textContent;
    line.textContent = line.dataset.ask + (n ? `: ${n} chosen` : "") + (over > 0 ? `, ${over} too many` : "");
  };

  const scale = () => {
    const field = $(".scale input");
    if (!field || field.type === "range") return;
    const range = d.createElement("input");
    range.type = "range";
    for (const name of ["min", "max", "step"]) range[name] = field[name];
    range.setAttribute("aria-label", $("h1").textContent);
    const show = () => {
      const unset = field.value === "";
      if (!unset) range.value = field.value;
      range.classList.toggle("unset", unset);
      range.setAttribute("aria-valuetext", unset ? "Not chosen yet" : range.value + field.parentNode.lastChild.data.trimEnd());
    };
    const take = () => {
      field.value = range.value;
      show();
    };
    range.oninput = range.onclick = take;
    range.onkeydown = (e) => e.key === " " && take();
    field.oninput = show;
    field.parentNode.prepend(range);
    show();
  };

  d.addEventListener("change", ({ target }) => {
    if (target.type !== "checkbox") return;
    const none = target.name === "none";
    if (target.checked) all(none ? ".set [name=answer]" : ".set [name=none]").forEach((box) => (box.checked = false));
    count();
  });

  d.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.altKey || e.metaKey || e.target.matches("[type=number], [type=text]")) return;
    d.documentElement.classList.add("kb");
    if (e.key === "Enter") {
      if (e.repeat) e.preventDefault();
      else if (!e.target.closest("a, button, summary, input")) $(".nav button")?.click();
    }
    const box = e.key > 0 && all(".set input")[e.key - 1];
    if (box) {
      box.focus();
      box.click();
      e.preventDefault();
    }
  });

  d.addEventListener("click", (e) => {
    const button = e.target.closest("button, [data-copy]");
    if (!button) return;
    // The second half of a double click must not send again, nor answer the next question.
    if (e.detail > 1 || button.ariaDisabled) e.preventDefault();
    else if (button.form) sender = button;
    else if (button.href && navigator.clipboard) {
      e.preventDefault();
      navigator.clipboard.writeText(button.href).then(() => say("Link copied"), () => (location = button.href));
    }
  }, true);

  d.addEventListener("htmx:beforeRequest", () => {
    say("");
    sender?.setAttribute("aria-disabled", true);
    slow = setTimeout(say, 300, "Saving");
  });
  d.addEventListener("htmx:afterRequest", ({ detail: { successful, xhr } }) => {
    const words = (xhr.getResponseHeader("content-type") || "").startsWith("text/plain") && xhr.responseText;
    if (xhr.status === 422 || (successful && !xhr.getResponseHeader("HX-Redirect"))) say("");
    if (!successful && xhr.status !== 422)
      say(words || "We can't reach the shop just now. Your choice is kept.", () => sender.click());
    if (!xhr.getResponseHeader("HX-Redirect")) free();
  });
  d.addEventListener("htmx:afterSwap", () => {
    const title = $("h1");
    const goal = $("[data-focus]") || title;
    d.title = `${title.textContent} · ${$("#quiz").textContent}`;
    furnish();
    goal.tabIndex = -1;
    goal.focus({ preventScroll: goal === title });
    if (goal === title) scrollTo(0, 0);
    if (!$("#e")) $("#step").classList.add("in");
  });
  addEventListener("pageshow", (e) => {
    if (e.persisted) {
      say("");
      free();
    }
  });

  const furnish = () => {
    scale();
    count();
  };
  htmx.config.timeout = 15e3;
  furnish();
})();
