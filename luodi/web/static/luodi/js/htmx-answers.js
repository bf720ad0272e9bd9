// A refused request is told in place, above the form or list that sent it, and the target is left as it was: nothing typed is lost.
import { say, word } from "./say.js";

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

document.addEventListener("htmx:responseError", (event) => {
  const type = event.detail.xhr.getResponseHeader("Content-Type") || "";
  const answer = type.includes("html") && new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html").querySelector("[data-refusal]");
  show(event.target, answer ? document.importNode(answer, true) : refusal(word("failed")));
});
document.addEventListener("htmx:sendError", (event) => show(event.target, refusal(word("offline"))));
document.addEventListener("htmx:timeout", (event) => show(event.target, refusal(word("offline"))));
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.shouldSwap) place(event.target).querySelector(":scope > [data-refusal]")?.remove();
});
