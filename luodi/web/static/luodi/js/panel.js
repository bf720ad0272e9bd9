// The side panel takes the focus to its heading when it opens and gives it back to the row when it closes.
let opener = null;
const panel = document.getElementById("panel");

function mark(row) {
  for (const selected of document.querySelectorAll("[data-row][aria-selected]")) selected.removeAttribute("aria-selected");
  row?.setAttribute("aria-selected", "true");
}

document.addEventListener("htmx:beforeRequest", (event) => {
  const link = event.target.closest?.("[data-open]");
  if (link && event.detail.target === panel) opener = { link, row: link.closest("[data-row]") };
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== panel) return;
  mark(opener?.row);
  if (!panel.querySelector("[data-form-errors]")) panel.querySelector("[data-panel-title]")?.focus();
});

document.addEventListener("click", (event) => {
  const close = event.target.closest("[data-panel-close]");
  // a panel that came with the page has no row to return to: its link leads back
  if (!close || !opener?.link.isConnected) return;
  event.preventDefault();
  panel.replaceChildren();
  mark(null);
  (opener.row || opener.link).focus();
  opener = null;
});
