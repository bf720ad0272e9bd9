// A form is sent once, says so while it is on its way, and does not let a person walk away from what they typed.
// Nothing typed is kept in the browser: clinical text in its storage would outlive the session.
const dirty = new Set();

// A form that is answered with a file leaves its page standing: data-download says so, and it may be sent again.
const guarded = (form) => form instanceof HTMLFormElement && form.method === "post" && !("download" in form.dataset);

function busy(form, on) {
  for (const button of form.querySelectorAll("button:not([type=button])")) {
    if (on) button.setAttribute("aria-disabled", "true"); else button.removeAttribute("aria-disabled");
  }
  if (on) form.dataset.sent = ""; else delete form.dataset.sent;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!guarded(form)) return;
  if ("sent" in form.dataset) { event.preventDefault(); event.stopImmediatePropagation(); return; }
  busy(form, true);
  dirty.delete(form);
}, true);

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (guarded(form) && !("leaveOk" in form.dataset) && event.target.type !== "search") dirty.add(form);
  for (const element of form?.querySelectorAll("[data-reveal]") || []) reveal(element);
});

window.addEventListener("beforeunload", (event) => {
  if ([...dirty].some((form) => form.isConnected)) event.preventDefault();
});

// Back to a page kept in memory: its buttons must work again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach((form) => busy(form, false));
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[data-sent]");
  if (form) busy(form, false);
  if (form && !(event.detail.xhr.status < 400)) dirty.add(form);
});

function reveal(element) {
  const [name, value] = element.dataset.reveal.split("=");
  const form = element.closest("form");
  const field = form?.elements.namedItem(name);
  const now = field instanceof RadioNodeList || field?.type !== "checkbox" ? field?.value : String(field.checked);
  element.hidden = !value.split("|").includes(now);
}

export function prepare(root) {
  root.querySelectorAll("[data-reveal]").forEach(reveal);
  const wrong = root.querySelector("[data-form-errors]");
  (wrong || root.querySelector("[data-first]"))?.focus();
}

document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) window.print(); });
document.addEventListener("htmx:load", (event) => prepare(event.target));
if (!window.htmx) prepare(document.body);
