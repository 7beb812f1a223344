// For the shop's own analytics, where the visitor agreed: a question that is shown, and the offer, by GA4's names. No answers.
{
  const d = document;
  let last;

  // In a frame the shop's page is told, too, by whoever listens for the event.
  const tell = (detail) => {
    (window.dataLayer ||= []).push(detail);
    d.dispatchEvent(new CustomEvent("qf:event", { detail }));
  };
  const item = (card, at) => ({
    item_id: decodeURIComponent(card.querySelector("a").pathname.split("/")[3]),
    item_name: card.querySelector("h3").textContent,
    index: at + 1,
  });
  const look = () => {
    const { question, beacon, measured } = d.getElementById("step").dataset;
    if (beacon && question !== last) tell({ event: "select_content", content_type: "quiz_question", content_id: question });
    last = question;
    if (measured === undefined) return;
    const items = [...d.querySelectorAll(".cards > .card")].map(item);
    tell({ event: "view_item_list", ecommerce: { item_list_id: "quiz", item_list_name: d.getElementById("quiz").textContent, items } });
  };
  addEventListener("htmx:afterSwap", look);
  addEventListener("DOMContentLoaded", look);
}
