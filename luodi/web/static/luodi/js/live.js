// New work announces itself and waits: rows appear when the person asks for them. A board on a wall has no hand under it and reloads at once.
import { say, word } from "./say.js";

const address = document.body.dataset.liveUrl;
const counts = new Map();
const notice = document.getElementById("live-lost");
const notices = () => document.querySelectorAll(".live-lost");
const PATIENCE = 5000; // ms without a connection before the page says so: a server that restarts is back sooner
const AGAIN = 10000; // ms until a refused connection, which the browser gives up, is tried anew
let source = null;
let wanted = "";
let missing = 0;

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

function tell() {
  for (const list of document.querySelectorAll("[data-live-topic]")) {
    if (!list.querySelector(".live-lost")) list.prepend(notice.content.cloneNode(true));
  }
}

function lost() {
  missing ||= setTimeout(() => { tell(); say(word("live_lost")); }, PATIENCE);
  if (source.readyState === EventSource.CLOSED) setTimeout(() => { wanted = ""; connect(); }, AGAIN);
}

function back() {
  clearTimeout(missing);
  missing = 0;
  if (!notices().length) return;
  for (const told of notices()) told.remove();
  say(word("live_back"));
  // what happened meanwhile nobody told: every list may have changed
  for (const topic of wanted.split(",")) arrived(topic);
}

function connect() {
  const topics = [...new Set([...document.querySelectorAll("[data-live-topic]")].map((element) => element.dataset.liveTopic))].sort();
  if (topics.join() === wanted) return;
  wanted = topics.join();
  source?.close();
  source = null;
  if (!topics.length) return;
  source = new EventSource(`${address}?${new URLSearchParams({ topics: wanted })}`, { withCredentials: true });
  source.onerror = lost;
  source.onopen = back;
  for (const topic of topics) source.addEventListener(topic, () => arrived(topic));
}

if (address) {
  connect();
  document.addEventListener("htmx:afterSettle", (event) => {
    counts.delete(event.target.id);
    connect();
    if (notices().length) tell(); // a list that came anew is as old as the others soon
  });
  window.addEventListener("pagehide", () => source?.close());
}
