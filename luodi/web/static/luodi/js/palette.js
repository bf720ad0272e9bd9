// Ctrl K: screens and actions by name or pinyin initials; what is no screen is searched among patients, by POST, so that no name enters a URL.
import { word } from "./say.js";

const dialog = document.getElementById("palette");

if (dialog) {
  const form = dialog.querySelector("form");
  const input = form.elements.text;
  const list = dialog.querySelector("ul");
  const screens = JSON.parse(document.getElementById("palette-screens").textContent || "[]");
  let chosen = 0;

  const matches = (text) => screens.filter((screen) => !text || [screen.label, screen.pinyin, screen.other].some((name) => (name || "").toLowerCase().includes(text)));

  function option(label, meta, act) {
    const item = document.createElement("li");
    item.setAttribute("role", "option");
    item.id = `palette-${list.children.length}`;
    item.append(label);
    const note = document.createElement("span");
    note.className = "meta";
    note.textContent = meta;
    item.append(note);
    item.addEventListener("click", act);
    list.append(item);
  }

  function choose(index) {
    const items = [...list.children];
    chosen = items.length ? (index + items.length) % items.length : 0;
    items.forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
    items[chosen]?.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", items[chosen]?.id || "");
  }

  function render() {
    const text = input.value.trim().toLowerCase();
    list.replaceChildren();
    for (const screen of matches(text).slice(0, 12)) option(screen.label, screen.key || word("screen"), () => location.assign(screen.url));
    if (text && form.getAttribute("action")) option(`${word("patients")}：${input.value.trim()}`, "", () => form.requestSubmit());
    choose(0);
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-palette-open]")) return;
    input.value = "";
    render();
    dialog.showModal();
    input.focus();
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  input.addEventListener("input", render);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); choose(chosen + (event.key === "ArrowDown" ? 1 : -1)); }
    if (event.key === "Enter") { event.preventDefault(); list.children[chosen]?.click(); }
  });
}
