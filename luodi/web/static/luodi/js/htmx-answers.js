// A refused request is told in place, above the form or list that sent it, and the target is left as it was: nothing typed is lost.
import { say, word } from "./say.js";

// htmx notes the address of each page in the browser's storage, where it would outlive the session; nothing of ours reads it.
sessionStorage.removeItem("htmx-current-path-for-history");

function place(source) {
  const form = source.closest("form");
  if (form) return form;
  return source.closest("#panel .panel-body, .worklist, .paper") || document.getElementById("notices");
}

function show(source, answer) {
  const host = place(source);
  host.querySelector(":scope > [data-refusal]")?.remove();
  host.prepend(answer);
  answer.scrollIntoView({ block: "nearest" });
  say(answer.textContent.trim());
}

function refusal(text) {
  const box = document.createElement("div");
  box.className = "refusal";
  box.dataset.refusal = "";
  const words = document.createElement("p");
  words.textContent = text;
  box.append(words);
  return box;
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig, shouldSwap, isError } = event.detail;
  const source = requestConfig.elt;
  if (shouldSwap) place(source).querySelector(":scope > [data-refusal]")?.remove();
  if (!isError) return;
  // an answer that we show is no fault of the program: keep it out of the console
  event.detail.isError = false;
  const type = xhr.getResponseHeader("Content-Type") || "";
  const answer = type.includes("html") && new DOMParser().parseFromString(xhr.responseText, "text/html").querySelector("[data-refusal]");
  show(source, answer ? document.importNode(answer, true) : refusal(word("failed")));
});
document.addEventListener("htmx:sendError", (event) => show(event.target, refusal(word("offline"))));
document.addEventListener("htmx:timeout", (event) => show(event.target, refusal(word("offline"))));
