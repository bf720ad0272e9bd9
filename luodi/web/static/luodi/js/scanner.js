// A scanner types like a keyboard, only faster. It is recognised in the capture phase by speed and terminator, taken away from
// whatever field has the focus, and given to the one that asked for it. Nothing of it may stay in the focused field.
import { say, word } from "./say.js";

const FAST = 35;        // ms between keys of a scanner; a person at 120 words a minute needs about 100
const SURE = 4;         // keys at that speed until we take over; what the fields got by then is put back. No code of ours is shorter
const PATIENCE = 120;   // ms of silence that end a burst
const GS = "\u001d";    // GS1 group separator, sent as Ctrl+]

let burst = null;
let expired = null;    // the burst that silence ended last: on a busy machine its further keys may come late, with their true times

const isField = (element) => element && element.matches?.("input, textarea") && typeof element.value === "string";

// With a Chinese input method on, `key` is "Process": the position of the key still tells the character (US layout, as scanners send).
const SYMBOLS = { Minus: "-_", Equal: "=+", Slash: "/?", Period: ".>", Comma: ",<", Semicolon: ";:", Backslash: "\\|", BracketLeft: "[{", BracketRight: "]}", Quote: "'\"", Space: "  " };
const DIGITS = ")!@#$%^&*(";

function character(event) {
  if (event.ctrlKey && (event.code === "BracketRight" || event.key === "]" || event.key === GS)) return GS;
  if (event.ctrlKey || event.altKey || event.metaKey) return "";
  if (event.key.length === 1) return event.key;
  if (event.key !== "Process" && event.key !== "Unidentified") return "";
  const code = event.code;
  if (code.startsWith("Key")) return event.shiftKey ? code.slice(3) : code.slice(3).toLowerCase();
  if (code.startsWith("Digit")) return event.shiftKey ? DIGITS[+code.slice(5)] : code.slice(5);
  if (code.startsWith("Numpad") && /\d$/.test(code)) return code.slice(-1);
  return SYMBOLS[code]?.[event.shiftKey ? 1 : 0] || "";
}

function begin(event, text) {
  burst = { text, last: event.timeStamp, fast: 0, taken: false, field: isField(document.activeElement) ? document.activeElement : null, before: new Map(), composing: false };
}

// Called before each key reaches its field. The focus may move under the first keys of a code ("/" goes to the filter): every field counts.
function remember(event) {
  const field = document.activeElement;
  burst.composing ||= event.isComposing || event.key === "Process";
  if (isField(field) && !burst.before.has(field)) burst.before.set(field, { value: field.value, start: field.selectionStart, end: field.selectionEnd });
}

function restore({ before }) {
  for (const [field, was] of before) {
    if (field.value === was.value) continue;
    field.value = was.value;
    if (was.start !== null) field.setSelectionRange(was.start, was.end);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function take() {
  burst.taken = true;
  // leaving the field ends the input method's composition; its text is removed with the rest
  if (burst.composing) document.activeElement?.blur();
  restore(burst);
}

function stop() {
  clearTimeout(burst?.timer);
  const ended = burst;
  burst = null;
  if (ended?.composing && ended.taken && ended.field) {
    ended.field.focus();
    restore(ended);
  }
  return ended;
}

// The burst ended without a terminator: a scan if it ended in GS, else a very fast hand, whose keys go back where they belong.
function expire() {
  const ended = stop();
  expired = ended;
  if (!ended?.taken) return;
  if (ended.text.endsWith(GS)) { expired = null; return deliver(ended.text.slice(0, -1)); }
  if (ended.field) {
    ended.field.focus();
    ended.field.setRangeText(ended.text.replaceAll(GS, ""), ended.field.selectionStart ?? 0, ended.field.selectionEnd ?? 0, "end");
    ended.field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// A key that was struck within the burst, though it arrives after its end, belongs to it: half a code is another code.
function resume(event) {
  if (!burst && expired && event.timeStamp - expired.last <= FAST) {
    burst = expired;
    if (burst.taken) restore(burst);
  }
  expired = null;
}

function deliver(code) {
  const free = document.dispatchEvent(new CustomEvent("luodi:scan", { detail: { code }, cancelable: true }));
  if (!free) return;
  const layer = document.querySelector("dialog[open]") || document.querySelector("#panel [data-scan-target]")?.closest("#panel") || document;
  const targets = [...layer.querySelectorAll("[data-scan-target]")].filter((field) => !field.disabled && field.type !== "hidden" && code.startsWith(field.dataset.scanTarget));
  // the most exact prefix wins; among equals the first that is still empty
  targets.sort((a, b) => b.dataset.scanTarget.length - a.dataset.scanTarget.length || Number(Boolean(a.value)) - Number(Boolean(b.value)));
  const field = targets[0];
  if (!field) return say(word("scan_unwanted"));
  field.value = code;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  say(word("scan_taken"));
  if (field.hasAttribute("data-scan-submit")) field.form.requestSubmit();
  else field.focus();
}

window.addEventListener("keydown", (event) => {
  if (event.key === "Shift" || event.key === "Control") return;
  const text = character(event);
  resume(event);
  const quick = burst && event.timeStamp - burst.last <= FAST;
  const terminator = event.key === "Enter" || event.key === "Tab" || (event.ctrlKey && ["j", "m", "i"].includes(event.key.toLowerCase()));

  if (quick && terminator && burst.taken) {
    event.preventDefault(); event.stopImmediatePropagation();
    return deliver(stop().text);
  }
  if (burst?.taken && quick && event.ctrlKey && text !== GS) {
    // other control bytes inside a code are shortcuts to the browser: they must not open anything
    event.preventDefault(); event.stopImmediatePropagation();
    burst.last = event.timeStamp;
    return;
  }
  if (!text) { if (!burst?.taken) burst = null; return; }
  if (!quick) { if (burst) stop(); if (text !== GS) begin(event, text); }
  else { burst.text += text; burst.last = event.timeStamp; burst.fast += 1; }
  if (!burst) return;
  if (!burst.taken) remember(event);
  if (!burst.taken && burst.fast >= SURE - 1) take();
  if (burst.taken) { event.preventDefault(); event.stopImmediatePropagation(); }
  clearTimeout(burst.timer);
  burst.timer = setTimeout(expire, PATIENCE);
}, true);

// What an input method still commits after we took over is not the field's.
window.addEventListener("compositionend", () => { if (burst?.taken) queueMicrotask(() => burst && restore(burst)); }, true);
