// A search field with its list of answers (data-pick="#list"): arrows highlight, Enter takes what is highlighted and nothing else.
// Nothing is highlighted by itself, so a hasty Enter, or a scanner's, adds no drug.
const options = (input) => [...document.querySelectorAll(`${input.dataset.pick} [data-option]`)];
const highlighted = (input) => options(input).find((option) => option.getAttribute("aria-selected") === "true");

function highlight(input, option) {
  for (const other of options(input)) other.setAttribute("aria-selected", String(other === option));
  option.scrollIntoView({ block: "nearest" });
  option.id ||= `option-${options(input).indexOf(option)}`;
  input.setAttribute("aria-activedescendant", option.id);
}

document.addEventListener("keydown", (event) => {
  const input = event.target.closest("[data-pick]");
  if (!input || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  const list = options(input);
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (!list.length) return;
    event.preventDefault();
    const at = list.indexOf(highlighted(input));
    const step = event.key === "ArrowDown" ? 1 : -1;
    highlight(input, list[at < 0 ? (step > 0 ? 0 : list.length - 1) : (at + step + list.length) % list.length]);
  }
  if (event.key === "Enter") {
    const option = highlighted(input);
    if (option) { event.preventDefault(); option.click(); }
    // an unfinished search must not send the form around it; a search form of its own may
    else if (list.length && !input.closest("[data-pick-form]")) event.preventDefault();
  }
});

document.addEventListener("input", (event) => event.target.closest("[data-pick]")?.removeAttribute("aria-activedescendant"));
