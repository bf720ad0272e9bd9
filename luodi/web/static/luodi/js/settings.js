// Theme and density change at once; the form sends the choice so that the next page is drawn right from its first byte.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-setting] button");
  const name = button?.name;
  if (name !== "theme" && name !== "density") return;
  event.preventDefault();
  const form = button.form;
  const body = new FormData(form);
  body.set(name, button.value);
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  document.documentElement.dataset[name] = button.value;
  for (const option of button.parentElement.querySelectorAll("button")) option.setAttribute("aria-pressed", String(option === button));
});
