// The single polite live region: whatever a script tells a screen reader goes through here, one sentence at a time.
const block = document.getElementById("js-words");
const words = block ? JSON.parse(block.textContent) : {};

export const word = (key, n) => (words[key] || "").replace("{n}", n);

export function say(text) {
  const region = document.getElementById("say");
  if (!region || !text) return;
  // an unchanged text is not read again: empty it first
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = text; });
}
