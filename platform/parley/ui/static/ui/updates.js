// The socket tells that something changed, never what: the content comes by an ordinary request that asks the rules.
const FINAL = new Set([4400, 4403, 4413]);
const SIGNED_OUT = 4401;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 60000;

const changed = document.querySelector("#page-changed");
const line = changed.querySelector("p");
const inFirstWords = line.textContent;
let wait = FIRST_WAIT;
let socket;
let again; // the timer of the next attempt
let lostAt = 0;

// What else listens on this page's one socket: { opened(), heard(message), received(data), lost(code, final), holds() },
// each if it has it; `holds` keeps the line "This page has changed" back.
let listener = {};

export function attend(one) {
  listener = one;
}

export function send(data) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(data);
}

// A line that is dead without saying so: a browser notices that only after minutes.
export function renew() {
  const old = socket;
  socket = null;
  old?.close();
  closed();
}

function topics() {
  const named = [...document.querySelectorAll("[data-watch]")].flatMap((element) => element.dataset.watch.split(/\s+/));
  return [...new Set(named.filter(Boolean))];
}

function connect() {
  clearTimeout(again);
  const address = document.querySelector("[data-socket]")?.dataset.socket ?? "/ws/updates/";
  const line = (socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}${address}`));
  const current = (act) => (event) => line === socket && act(event);
  line.binaryType = "arraybuffer";
  line.addEventListener("open", current(opened));
  line.addEventListener("message", current(({ data }) => (data instanceof ArrayBuffer ? listener.received?.(data) : heard(JSON.parse(data)))));
  line.addEventListener("close", current((event) => closed(event.code)));
}

function opened() {
  wait = FIRST_WAIT;
  if (topics().length) socket.send(JSON.stringify({ type: "watch", topics: topics() }));
  if (lostAt && topics().length && Date.now() - lostAt > 5000) tell(changed.dataset.perhaps);
  lostAt = 0;
  listener.opened?.();
}

function heard(message) {
  if (message.type === "bell") bell(message.unread);
  if (message.type === "changed" && !listener.holds?.()) tellOfChange();
  listener.heard?.(message);
}

export function tellOfChange() {
  tell(inFirstWords);
}

function closed(code) {
  listener.lost?.(code, code === SIGNED_OUT || FINAL.has(code));
  if (code === SIGNED_OUT) document.querySelector("#signed-out").hidden = false;
  if (code === SIGNED_OUT || FINAL.has(code)) return;
  lostAt ||= Date.now();
  again = setTimeout(connect, wait * (0.5 + Math.random()));
  wait = Math.min(wait * 2, LONGEST_WAIT);
}

function bell(unread) {
  for (const number of document.querySelectorAll("[data-unread]")) number.textContent = unread ? `(${unread})` : "";
}

function tell(words) {
  line.textContent = words;
  changed.hidden = false;
}

// ---------- "Show": the page is fetched again and takes the old one's place, except where somebody is typing ----------
function hasUnsentWords(region) {
  return [...region.querySelectorAll("textarea, input:not([type=hidden], [type=checkbox], [type=radio])")].some(
    (field) => field.value !== field.defaultValue && !field.closest("[data-kept]"),
  );
}

function regions(page) {
  const live = [...page.querySelectorAll("[data-live][id]")];
  return live.length ? live : [page.querySelector("#main")];
}

export async function show() {
  const answer = await fetch(location.href);
  if (!answer.ok || answer.redirected) return location.reload();
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const kept = regions(document).filter((region) => !replace(region, fresh));
  changed.hidden = !kept.length;
  if (kept.length) line.textContent = changed.dataset.kept;
  document.title = fresh.title;
  document.dispatchEvent(new Event("parley:shown"));
}

function replace(region, fresh) {
  const next = fresh.getElementById(region.id);
  const kept = [...region.querySelectorAll("[data-kept][id]")];
  if (!next || hasUnsentWords(region) || kept.some((one) => !fresh.getElementById(one.id))) return false;
  const arrived = document.adoptNode(next);
  for (const one of kept) arrived.querySelector(`#${CSS.escape(one.id)}`).replaceWith(one);
  region.replaceWith(arrived);
  globalThis.htmx?.process(arrived);
  if (arrived.id === "main") arrived.focus({ preventScroll: true });
  return true;
}

changed.querySelector("button").addEventListener("click", show);
addEventListener("offline", () => socket?.readyState === WebSocket.OPEN && renew());
addEventListener("online", () => (!socket || socket.readyState === WebSocket.CLOSED) && connect());
connect();
