// What was wrong with a field is said until the field is answered anew: an error that stays beside a right answer is not read again.
function answered(form, name) {
  const field = form.elements.namedItem(name);
  if (field instanceof RadioNodeList) return [...field].some((one) => one.checked || (one.type !== "checkbox" && one.type !== "radio" && one.value));
  return field ? (field.type === "checkbox" ? field.checked : field.value.trim() !== "") : false;
}

function settle(form, name) {
  const right = answered(form, name);
  for (const error of form.querySelectorAll("[data-error-of]")) {
    if (error.dataset.errorOf !== name) continue;
    error.hidden = right;
    error.closest(".field")?.classList.toggle("wrong", !right);
  }
  for (const control of form.elements) {
    if (control.name !== name || !control.hasAttribute("aria-invalid")) continue;
    control.setAttribute("aria-invalid", String(!right));
  }
  const summary = form.querySelector("[data-form-errors]");
  if (summary) summary.hidden = [...summary.querySelectorAll("li")].every((error) => error.hidden);
}

document.addEventListener("input", (event) => {
  const { form, name } = event.target;
  if (name && form?.querySelector("[data-error-of]")) settle(form, name);
});
