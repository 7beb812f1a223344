// Comfort only: without it every form posts and every link leads on just the same.
{
  const d = document;
  const $ = (selector) => d.querySelector(selector);
  const all = (selector) => d.querySelectorAll(selector);
  let slow, sender;

  const say = (text) => {
    clearTimeout(slow);
    $("#say").textContent = text;
  };
  const count = () => {
    const line = $("#n");
    if (!line) return;
    const n = all("[name=answer]:checked").length;
    const over = n - line.dataset.most;
    line.ask ||= line.textContent;
    line.textContent = line.ask + (n ? `: ${n} chosen` : "") + (over > 0 ? `, ${over} too many` : "");
  };
  const furnish = () => {
    count();
    const field = $(".scale p:first-child + input");
    if (!field) return;
    const range = field.cloneNode();
    const show = () => {
      range.value = field.value;
      range.className = field.value ? "" : "unset";
      range.setAttribute("aria-valuetext", field.value ? range.value + field.nextSibling.data : "Not chosen yet");
    };
    range.type = "range";
    range.id = range.name = "";
    range.ariaLabel = $("h1").textContent;
    range.oninput = range.onclick = () => {
      field.value = range.value;
      show();
    };
    field.oninput = show;
    field.parentNode.prepend(range);
    show();
  };

  addEventListener("change", ({ target: { name, type, checked } }) => {
    if (type !== "checkbox") return;
    if (checked) all(`[name=${name === "none" ? "answer" : "none"}]`).forEach((box) => (box.checked = false));
    count();
  });
  addEventListener("keydown", (e) => {
    const { key, target } = e;
    if (e.ctrlKey || e.altKey || e.metaKey || target.matches("[type=number], [type=text]")) return;
    d.body.className = "kb";
    const box = all(".set input")[key - 1];
    if (box) {
      box.focus();
      box.click();
    } else if (key === "Enter") {
      if (e.repeat) e.preventDefault();
      else if (!target.closest("a, button, summary, input")) $(".nav button")?.click();
    }
  });
  addEventListener("click", (e) => {
    const button = e.target.closest("button");
    // The second half of a double click neither sends again nor answers the next question.
    if (button && e.detail > 1) e.preventDefault();
    else if (button?.form) sender = button;
    else if (button) sender.click();
  }, true);

  addEventListener("htmx:beforeRequest", () => {
    say("");
    slow = setTimeout(say, 300, "Saving");
  });
  addEventListener("htmx:afterRequest", ({ detail: { successful, xhr } }) => {
    say("");
    if (successful || xhr.status === 422) return;
    const words = /^\w/.test(xhr.responseText) ? xhr.responseText : "We can't reach the shop just now. Your choice is kept.";
    $("#say").append(words, d.createElement("button"));
    $("#say button").textContent = "Try again";
  });
  addEventListener("htmx:afterSwap", () => {
    const title = $("h1");
    const goal = $("[data-focus]") || title;
    d.title = `${title.textContent} · ${$("#quiz").textContent}`;
    furnish();
    if (!$("#e")) $("#step").className += " in";
    goal.tabIndex = -1;
    goal.focus();
  });
  htmx.config.timeout = 15e3;
  furnish();
}
