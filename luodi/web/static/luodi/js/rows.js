// A worklist under the hand: arrows move, Enter opens, the filter hides; the order never changes by itself.
import { say, word } from "./say.js";

const shown = (list) => [...list.querySelectorAll("[data-row]")].filter((row) => !row.hidden);

function prepare(root) {
  for (const list of root.querySelectorAll("[data-rows]")) {
    // one row of a list is in the Tab order, the arrows reach the others
    shown(list).forEach((row, index) => { row.tabIndex = index === 0 ? 0 : -1; });
  }
}

function move(row, step) {
  const rows = shown(row.closest("[data-rows]"));
  const next = rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(row) + step))];
  row.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  const filter = event.target.closest("[data-filter]");
  if (filter && (event.key === "ArrowDown" || event.key === "Enter")) {
    const first = shown(scope(filter))[0];
    if (first) { event.preventDefault(); first.focus(); }
    return;
  }
  if (event.key === "ArrowDown" && event.target === document.body) {
    // nothing has the focus: the first row of the page's first worklist takes it, without a Tab through the rail
    const first = shown(document).find((row) => row.tabIndex === 0 && row.closest("[data-rows]"));
    if (first) { event.preventDefault(); first.focus(); }
    return;
  }
  const row = event.target.closest("[data-row]");
  if (!row || !event.target.matches("[data-row], [data-open]")) return;
  if (event.key in STEPS) { event.preventDefault(); move(row, STEPS[event.key]); }
  if (event.key === "Enter" && event.target === row) { event.preventDefault(); row.querySelector("[data-open]")?.click(); }
});

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-row]");
  if (!row || event.target.closest("a, button, input, label, select, summary") || String(getSelection())) return;
  row.querySelector("[data-open]")?.click();
});

const scope = (input) => document.querySelector(input.dataset.filter) || document;

document.addEventListener("input", (event) => {
  const input = event.target.closest("[data-filter]");
  if (!input) return;
  const wanted = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const list = scope(input);
  let count = 0;
  for (const row of list.querySelectorAll("[data-row]")) {
    const text = row.textContent.toLowerCase();
    row.hidden = !wanted.every((part) => text.includes(part));
    count += row.hidden ? 0 : 1;
  }
  for (const group of list.querySelectorAll("[data-filter-group]")) {
    group.hidden = !group.querySelector("[data-row]:not([hidden])");
  }
  const none = list.querySelector("[data-filter-none]");
  if (none) none.hidden = count > 0;
  prepare(document);
  say(word("rows", count));
});

document.addEventListener("htmx:load", (event) => prepare(event.target.parentElement || document));
prepare(document);
