// Comfort only: without it every form posts and every link leads on just the same.
{
  const d = document;
  const $ = (selector) => d.querySelector(selector);
  const all = (selector) => d.querySelectorAll(selector);
  const words = $("#say").dataset; // in the page's language
  let slow, sender, patience;
  let held = []; // the fields of a form that is on its way, each with what was sent

  const say = (text) => {
    clearTimeout(slow);
    $("#say").textContent = text;
  };
  const release = () => {
    clearTimeout(patience);
    for (const [{ form }] of held) form?.classList.remove("held");
    held = [];
  };
  // What is changed now would not be sent: it is undone. The fields stay as they are, so that no focus is lost.
  const hold = (form) => {
    release();
    held = [...form.elements].map((field) => [field, field.value, field.checked]);
    form.classList.add("held");
    patience = setTimeout(release, 15e3);
  };
  const name = (error) => {
    const title = $("h1").textContent;
    d.title = `${error ? words.error.replace("[title]", () => title) : title} · ${$("#quiz").textContent}`;
  };
  const count = () => {
    const line = $("#n");
    if (!line) return;
    const n = all("[name=answer]:checked").length;
    const over = n - line.dataset.most;
    line.ask ||= line.textContent;
    const { chosen, over: many } = line.dataset;
    line.textContent = n ? (over > 0 ? many : chosen).replace("[n]", n).replace("[o]", over) : line.ask;
  };
  // An error goes when the form would pass. Its room stays, so that nothing moves below the pointer.
  const mend = () => {
    const error = $("#e");
    if (!error) return;
    const { value, validity } = $("[type=number]") || {};
    const n = all("[name=answer]:checked").length;
    if (!(validity ? value && validity.valid : $("[name=none]:checked") ? !n : n && !(n > $("#n")?.dataset.most))) return;
    error.id = "";
    error.className = "mended";
    all("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
    all("[aria-describedby]").forEach((field) => {
      field.setAttribute("aria-describedby", field.getAttribute("aria-describedby").replace(/ ?\be$/, ""));
    });
    name();
  };
  const furnish = () => {
    count();
    const field = $(".scale [type=number]");
    if (!field || $("[type=range]")) return;
    const range = field.cloneNode();
    const [low, high] = all(".ends span");
    const open = $("#open");
    const show = () => {
      range.value = field.value;
      range.className = field.value ? "" : "unset";
      range.style.setProperty("--at", `${((range.value - range.min) / (range.max - range.min)) * 100}%`);
      const at = (one, other) => field.value && { [field.min]: one, [field.max]: other }[range.value];
      const end = at(low, high);
      if (open) open.textContent = at(open.dataset.low, open.dataset.high) || "";
      const told = end ? end.textContent.trim() : (field.previousSibling?.data || "") + range.value + (field.nextSibling?.data || "");
      range.setAttribute("aria-valuetext", field.value ? told : words.unset);
    };
    range.type = "range";
    range.id = range.name = "";
    range.ariaLabel = $("h1").textContent;
    range.oninput = range.onclick = () => {
      field.value = range.value;
      show();
      mend();
    };
    field.oninput = show;
    field.closest(".amount").after(range);
    show();
  };

  for (const kind of ["input", "change"]) addEventListener(kind, (e) => {
    if (!held.some(([field]) => field === e.target)) return;
    e.stopImmediatePropagation();
    for (const [field, value, checked] of held) {
      if (field.value !== value) field.value = value;
      if (checked !== undefined) field.checked = checked;
    }
    say(words.held);
  }, true);
  addEventListener("change", ({ target: { name, type, checked } }) => {
    if (type === "checkbox") {
      if (checked) all(`[name=${name === "none" ? "answer" : "none"}]`).forEach((box) => (box.checked = false));
      count();
    }
    mend();
  });
  addEventListener("input", mend);
  addEventListener("keydown", (e) => {
    const { key, target } = e;
    if (e.ctrlKey || e.altKey || e.metaKey || target.matches("[type=number], [type=text]")) return;
    d.body.className = "kb";
    // Only while the focus is in the question: a key pressed elsewhere, or a word spoken to the computer, is no answer.
    if (!target.closest("form")) return;
    const box = all(".set input")[key - 1];
    if (box) {
      box.focus();
      box.click();
    } else if (key === "Enter") {
      if (e.repeat) e.preventDefault();
      else if (!target.closest("a, button, summary, input")) $(".nav .go")?.click();
    }
  });
  addEventListener("click", (e) => {
    const button = e.target.closest("button");
    // The second half of a double click neither sends again nor answers the next question.
    if (button && e.detail > 1) e.preventDefault();
    else if (button?.form) sender = button;
    else if (button?.closest("#say")) sender.click();
  }, true);

  addEventListener("submit", (e) => {
    if (!e.defaultPrevented) hold(e.target); // a plain form, where htmx was not loaded
  });
  addEventListener("pageshow", (e) => {
    if (!e.persisted) return;
    release();
    say("");
  });
  addEventListener("htmx:beforeRequest", ({ detail: { elt } }) => {
    hold(elt);
    say("");
    slow = setTimeout(say, 300, words.saving);
  });
  addEventListener("htmx:afterRequest", ({ detail: { successful, xhr } }) => {
    if (xhr.getResponseHeader("HX-Redirect")) return; // on its way until the next page is there
    release();
    say("");
    if (successful || xhr.status === 422) return;
    $("#say").append(/^[^<{]/.test(xhr.responseText) ? xhr.responseText : words.lost, d.createElement("button"));
    $("#say button").textContent = words.again;
  });
  addEventListener("htmx:afterSwap", () => {
    const error = $("#e");
    const goal = error || $("[data-focus]") || $("h1");
    name(error);
    furnish();
    if (!error) $("#step").className += " in";
    goal.tabIndex = -1;
    goal.focus();
  });
  // Under the content security policy nothing is evaluated; a page before comes from the server; an error is shown in place.
  Object.assign(htmx.config, {
    allowEval: false,
    includeIndicatorStyles: false,
    selfRequestsOnly: true,
    historyCacheSize: 0,
    defaultSettleDelay: 0,
    timeout: 15e3,
    responseHandling: [
      { code: "204", swap: false },
      { code: "[23]..", swap: true },
      { code: "422", swap: true },
      { code: "[45]..", swap: false, error: true },
    ],
  });
  furnish();
}
