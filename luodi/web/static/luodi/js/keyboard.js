// Keys are declared on the elements they press (data-key="Alt P"), so that a test can read them and the key sheet cannot lie.
// Acting keys need Alt or Ctrl: a hand that types text, or a scanner that types a code, never triggers one by accident.
const PLAIN = new Set(["/", "?"]);

// A person may move keys (the key sheet): their own combination → the default that the elements carry.
const own = JSON.parse(document.documentElement.dataset.keys || "{}");
const vacated = new Set(Object.values(own));
const meant = (keys) => own[keys] || (vacated.has(keys) ? "" : keys);

export function combination(event) {
  let key = event.key;
  // with Alt held some layouts give another character: the position of the key is what the person means
  if ((event.altKey || event.ctrlKey) && /^(Key|Digit)/.test(event.code)) key = event.code.slice(-1);
  if (key.length === 1) key = key.toUpperCase();
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  if (event.shiftKey && key.length > 1) parts.push("Shift");
  parts.push(key);
  return parts.join(" ");
}

const typing = (element) =>
  element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit])");

const visible = (element) => element.getClientRects().length > 0;

// Innermost open layer first: dialog, then panel, then page. Within it, the form that has the focus (Ctrl Enter saves what one is typing).
function find(keys) {
  const selector = `[data-key="${CSS.escape(keys)}"]`;
  const dialog = document.querySelector("dialog[open]");
  if (dialog) return dialog.querySelector(selector);
  const here = document.activeElement?.closest("form")?.querySelector(selector);
  if (here) return here;
  const all = [...document.querySelectorAll(selector)];
  return all.find((element) => element.closest("#panel")) || all.find(visible) || all.find((element) => element.closest("details, dialog"));
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  if (event.key === "Escape") return closeTop(event);
  const keys = meant(combination(event));
  const acting = event.ctrlKey || event.altKey || event.metaKey;
  if (!acting && (!PLAIN.has(keys) || typing(event.target))) return;
  const element = keys && find(keys);
  if (!element || element.disabled || element.getAttribute("aria-disabled") === "true") return;
  event.preventDefault();
  if (element.matches("input:not([type=submit]), textarea, select")) { element.focus(); element.select?.(); }
  else element.click();
});

// Escape closes the top layer only: a dialog (the browser does it), an open menu, then the side panel.
function closeTop(event) {
  if (document.querySelector("dialog[open]")) return;
  const menu = [...document.querySelectorAll("details.menu[open]")].pop();
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); event.preventDefault(); return; }
  const close = document.querySelector("#panel [data-panel-close]");
  if (close) { event.preventDefault(); close.click(); }
}

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

for (const element of document.querySelectorAll("[data-key]")) {
  element.setAttribute("aria-keyshortcuts", element.dataset.key.replaceAll("Ctrl", "Control").replaceAll(" ", "+"));
}
