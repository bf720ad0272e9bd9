// New work announces itself and waits: rows appear when the person asks for them. A board on a wall has no hand under it and reloads at once.
import { say, word } from "./say.js";

const address = document.body.dataset.liveUrl;
const counts = new Map();
let source = null;
let wanted = "";

const listeners = (topic) => document.querySelectorAll(`[data-live-topic="${CSS.escape(topic)}"]`);

function arrived(topic) {
  for (const element of listeners(topic)) {
    if (element.hasAttribute("data-live-reload")) {
      window.htmx.ajax("GET", element.dataset.liveUrl || location.pathname, { target: element, select: `#${element.id}`, swap: "outerHTML" });
      continue;
    }
    const bar = element.querySelector("[data-new-rows]");
    if (!bar) continue;
    const count = (counts.get(element.id) || 0) + 1;
    counts.set(element.id, count);
    bar.hidden = false;
    bar.querySelector("span").textContent = bar.dataset.words.replace("{n}", count);
    say(word("new_rows", count));
  }
}

function connect() {
  const topics = [...new Set([...document.querySelectorAll("[data-live-topic]")].map((element) => element.dataset.liveTopic))].sort();
  if (topics.join() === wanted) return;
  wanted = topics.join();
  source?.close();
  source = null;
  if (!topics.length) return;
  source = new EventSource(`${address}?${new URLSearchParams({ topics: wanted })}`, { withCredentials: true });
  let lost = false;
  source.onerror = () => { if (!lost) say(word("live_lost")); lost = true; };
  source.onopen = () => { if (lost) say(word("live_back")); lost = false; };
  for (const topic of topics) source.addEventListener(topic, () => arrived(topic));
}

if (address) {
  connect();
  document.addEventListener("htmx:afterSettle", (event) => {
    counts.delete(event.target.id);
    connect();
  });
  window.addEventListener("pagehide", () => source?.close());
}
