// A public screen: each frame is the whole content, so what was missed while away comes with the next one. A call is told
// once, by its key, as long as it stands; one that is over when its turn comes is not told at all.
import { say } from "./say.js";

const wall = document.getElementById("wall");
const place = wall.querySelector("[data-frame]");
const SILENT = 12000; // ms without a beat, of which one comes every five seconds: the line is cut
const AGAIN = 2000; // ms until a closed stream is tried anew
const ASKED = 5000; // ms between questions to the web process while there is no stream
const RECENT = 60; // seconds: a screen that has just been switched on tells calls no older than this
const REMEMBERED = 500; // calls
const PAGE = 10000; // ms that a page of rooms stays
const memory = `calls:${location.pathname}`;
const standing = () => [...place.querySelectorAll("[data-call]")];
const version = () => place.querySelector("[data-version]")?.dataset.version || "";
const began = Date.now();
let told = new Set(recalled() ?? old());
let heard = 0;
let source = null;

function recalled() {
  try { return JSON.parse(sessionStorage.getItem(memory)); } catch { return null; }
}

function old() {
  return standing().filter((call) => Number(wall.dataset.now) - Number(call.dataset.at) > RECENT).map((call) => call.dataset.call);
}

function alive() {
  heard = Date.now();
  wall.querySelector("[data-lost]").hidden = true;
}

function shown(html) {
  place.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
  turn(0);
  announce();
}

// ── the voice ──

const button = wall.querySelector("[data-voice]");
const waiting = [];
let speaking = null; // held here: a browser forgets an utterance that nobody holds, with its end
const chinese = () => window.speechSynthesis?.getVoices().find((voice) => voice.lang.toLowerCase().startsWith("zh"));
const on = () => button.getAttribute("aria-pressed") === "true";

function announce() {
  const calls = standing();
  for (const call of calls.reverse()) {
    if (told.has(call.dataset.call)) continue;
    call.classList.add("board-new");
    say(call.dataset.said);
    if (on()) waiting.push(call.dataset.call);
  }
  told = new Set([...told, ...calls.map((call) => call.dataset.call)].slice(-REMEMBERED));
  try { sessionStorage.setItem(memory, JSON.stringify([...told])); } catch { /* a browser that keeps nothing */ }
  speak();
}

function speak() {
  const voice = chinese();
  while (voice && on() && !speaking && waiting.length) {
    const key = waiting.shift();
    const call = standing().find((one) => one.dataset.call === key);
    if (!call) continue;
    speaking = new SpeechSynthesisUtterance(call.dataset.said);
    speaking.voice = voice;
    speaking.lang = voice.lang;
    speaking.onend = speaking.onerror = () => { speaking = null; speak(); };
    speechSynthesis.speak(speaking);
  }
}

function voices() {
  const able = Boolean(chinese());
  button.hidden = !able;
  wall.querySelector("[data-no-voice]").hidden = able;
}

button.addEventListener("click", () => {
  const now = !on();
  button.setAttribute("aria-pressed", String(now));
  button.querySelector("[data-on]").hidden = !now;
  button.querySelector("[data-off]").hidden = now;
  if (now) return;
  waiting.length = 0;
  speechSynthesis.cancel();
});

// ── pages of rooms ──

const pause = wall.querySelector("[data-pause]");
let page = 0;

function turn(by) {
  const pages = [...place.querySelectorAll("[data-page]")];
  page = pages.length ? (page + by) % pages.length : 0;
  pages.forEach((one, at) => { one.hidden = at !== page; });
  pause.hidden = pages.length < 2;
}

pause.addEventListener("click", () => pause.setAttribute("aria-pressed", String(pause.getAttribute("aria-pressed") !== "true")));
setInterval(() => { if (pause.getAttribute("aria-pressed") !== "true") turn(1); }, PAGE);

// ── the line ──

function connect() {
  const { unit, room, language } = wall.dataset;
  source?.close();
  const asked = new URLSearchParams({ unit, room, language, has: version() });
  source = new EventSource(`${document.body.dataset.liveUrl}screen/?${asked}`);
  source.addEventListener("open", alive);
  source.addEventListener("beat", (event) => { alive(); if (event.data !== version()) connect(); });
  source.addEventListener("frame", (event) => { alive(); shown(event.data); });
  // the browser would come back by itself, but with the version of the stream, not with that of the page
  source.onerror = () => { heard = 0; source.close(); };
}

async function ask() {
  if (Date.now() - heard < SILENT) return;
  try {
    const answer = await fetch(location.pathname, { headers: { "HX-Request": "true" }, cache: "no-store" });
    if (!answer.ok) throw new Error("refused");
    const html = await answer.text();
    if (heard) return; // the stream is back, and newer than this answer
    if (!html.includes(`data-version="${version()}"`)) shown(html);
    wall.querySelector("[data-lost]").hidden = true;
  } catch {
    wall.querySelector("[data-lost]").hidden = false;
  }
}

function watch() {
  if (source.readyState === EventSource.OPEN && Date.now() - heard > SILENT) { heard = 0; source.close(); }
  if (source.readyState === EventSource.CLOSED) connect();
}

function tick() {
  const now = new Date((Number(wall.dataset.now) * 1000) + Date.now() - began);
  wall.querySelector("[data-clock]").textContent = now.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
}

turn(0);
announce();
voices();
window.speechSynthesis?.addEventListener?.("voiceschanged", voices);
setInterval(tick, 1000);
setInterval(ask, ASKED);
if (document.body.dataset.liveUrl) {
  connect();
  setInterval(watch, AGAIN);
}
window.addEventListener("pagehide", () => source?.close());
