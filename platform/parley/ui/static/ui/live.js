// A page while people write in it, of a section or of a proposal in one: one socket for all its texts, the joint ones
// read as they are written, and "Write" opens the live editor where the words stand. Without it, "Write" is the link to
// the plain form.
const part = document.querySelector("#parley").dataset;
const person = document.body.dataset.person;
const { attend, renew, send, show, tellOfChange } = await import(part.updates);
const { markAgain, marksIn } = await import(part.marking);

const OLD_CUT = 3000; // milliseconds: a change told so soon after a cut is the cut
const SHOWN_WITHIN = 10_000;
const STILL = 30_000; // without a letter: nobody is writing just now
const PHONE = matchMedia("(pointer: coarse), (max-width: 47.99em)");

const editors = new Map(); // by the id of the passage or proposal
const numbers = new Map(); // that id of each channel of this connection
const stillness = new Map(); // by passage, the timer that says so
const commented = new Map(); // by passage, the comments on its words as the page was shown
let cutAt = 0;
let leaving = false;
let closed = { until: 0 }; // { id, until }: an editor that was left; the page is shown anew with what it wrote

const text = () => document.querySelector("[data-socket]");
const template = () => document.querySelector("#live-editor");
const article = (passage) => document.getElementById(`p-${passage}`);
const placeOf = (id) => document.getElementById(`live-${id}`);
const idIn = ({ passage, proposal }) => passage ?? proposal;

// ---------- The socket ----------
attend({
  opened: () => editors.forEach((editor) => editor.channel.connected()),
  lost(code, final) {
    numbers.clear();
    const ended = code === 4401 ? "signed-out" : "access";
    editors.forEach((editor) => (final ? editor.channel.end(ended) : editor.channel.lost()));
  },
  heard(message) {
    if (message.type === "opened") numbers.set(message.n, idIn(message));
    editors.get(idIn(message))?.channel.heard(message);
    if (message.type === "words" && !editors.has(message.passage)) read(message);
    if (message.type === "cut" && message.laid) tellOfChange();
    else if (message.type === "cut") cutAt = Date.now();
  },
  received(data) {
    editors.get(numbers.get(firstNumber(data)))?.channel.received(data);
  },
  // Whoever writes sees the words that were cut already; whoever has just written is shown the page with them.
  holds() {
    if (showNext()) return true;
    if (!editors.size) return false;
    editors.forEach((editor) => editor.drawComments());
    setTimeout(() => Date.now() - cutAt > OLD_CUT && tellOfChange(), OLD_CUT / 2);
    return true;
  },
});

// A varUint of lib0: seven bits a byte, the lowest first.
function firstNumber(data) {
  let number = 0;
  const bytes = new Uint8Array(data);
  for (let at = 0; at < 4; at++) {
    number |= (bytes[at] & 127) << (7 * at);
    if (bytes[at] < 128) break;
  }
  return number;
}

const line = { tell: (message) => send(JSON.stringify(message)), send, renew };

// ---------- Reading: the joint words as they stand ----------
function read({ passage, html }) {
  const words = article(passage)?.querySelector(":scope > [data-words]");
  if (!words) return;
  if (!commented.has(passage)) commented.set(passage, marksIn(words));
  words.innerHTML = html;
  markAgain(words, commented.get(passage));
  clearTimeout(stillness.get(passage));
  stillness.set(passage, setTimeout(() => beingWritten(words)?.remove(), STILL));
  if (beingWritten(words)) return;
  const written = document.createElement("p");
  written.className = "being-written quiet";
  written.textContent = text().dataset.written;
  words.after(written);
}

const wordsBeside = (place) => place.parentElement.querySelector(":scope > .words");
const besides = (place) => (place.closest("[data-around]") ?? place.parentElement).querySelectorAll(":scope > .words, [data-beside]");
const beingWritten = (words) => words.parentElement.querySelector(":scope > .being-written");

function showNext() {
  const { id, until } = closed;
  closed = { until: 0 };
  if (Date.now() > until) return false;
  showAgain(id);
  return true;
}

async function showAgain(id) {
  await show();
  if (document.activeElement === document.body) focusLink(id);
}

function focusLink(id) {
  document.querySelector(`[data-edit="${CSS.escape(id)}"]:not([hidden])`)?.focus();
}

// ---------- Writing ----------
const bundle = () => Promise.all([import(template().dataset.script), styled()]).then(([made]) => made);

async function write(id) {
  const place = placeOf(id);
  if (place.hasAttribute("aria-busy") || editors.get(id)?.focus()) return;
  place.setAttribute("aria-busy", "true");
  try {
    const { LiveEditor } = await bundle();
    editors.get(id)?.close();
    lay(place, true);
    const named = { [place.dataset.of ?? "passage"]: id };
    const editor = new LiveEditor({ named, id, place, template: template(), line, person, closed: (words) => left(id, words) });
    editors.set(id, editor);
    editor.channel.connected();
  } finally {
    place.removeAttribute("aria-busy");
  }
}

function styled() {
  if (document.querySelector("link[data-live-style]")) return;
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: template().dataset.style });
  link.dataset.liveStyle = "";
  document.head.append(link);
  return new Promise((loaded, failed) => Object.assign(link, { onload: loaded, onerror: failed }));
}

// The editor takes the place of the words; a view that has no copy in caucus yet gets its fence.
function lay(place, isOpen) {
  place.hidden = !isOpen;
  place.toggleAttribute("data-kept", isOpen);
  for (const one of besides(place)) one.hidden = isOpen;
  const fence = place.closest("[data-fence]");
  if (fence) fence.hidden = false;
}

// Other words are shown by what they change, which the page says anew at once; a passage when its revision was cut.
function left(id, words) {
  editors.delete(id);
  const place = placeOf(id);
  lay(place, false);
  if (!words || place.dataset.of) return showAgain(id);
  wordsBeside(place).replaceChildren(words);
  closed = { id, until: Date.now() + SHOWN_WITHIN };
  focusLink(id);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-edit]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  if (PHONE.matches && !link.matches("[data-edit-live]")) return;
  event.preventDefault();
  write(link.dataset.edit).catch(() => location.assign(link.href));
});

// ---------- Leaving: nothing that is not saved goes silently ----------
const unsaved = () => [...editors.values()].filter((editor) => editor.hasUnsaved);

addEventListener("beforeunload", (event) => !leaving && unsaved().length && event.preventDefault());
addEventListener("pagehide", () => editors.forEach((editor) => editor.keep()));
document.addEventListener("visibilitychange", () => document.hidden && editors.forEach((editor) => editor.keep()));
document.addEventListener("parley:leaving", () => {
  leaving = true;
  editors.forEach((editor) => editor.forget());
});

// Signing out shows first what could not be sent; a second press signs out.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!form.matches("[data-clears-drafts]")) return;
    const kept = form.dataset.asked ? [] : unsaved();
    form.dataset.asked = "yes";
    if (!kept.length) return editors.forEach((editor) => editor.forget());
    event.preventDefault();
    event.stopImmediatePropagation();
    delete form.dataset.sending;
    kept.forEach((editor) => editor.offerUnsaved());
  },
  { capture: true },
);

// ---------- What an earlier page left unsent ----------
function kept() {
  const found = [sessionStorage, localStorage].flatMap((store) => Object.keys(store).map((key) => ({ store, key })));
  const ours = found.filter(({ key }) => key.startsWith(`parley:live:${person}:`));
  return ours.map(({ store, key }) => ({ ...JSON.parse(store.getItem(key)), store, key, id: key.split(":")[3] }));
}

// Where it can't be written any more, it is offered for copying.
async function offerAgain({ store, key, words }) {
  const { offer } = await bundle();
  const notice = template().content.querySelector('[data-part="unsent"]').cloneNode(true);
  notice.id = key;
  text().before(notice);
  offer(notice, words, () => store.removeItem(key));
}

function wake() {
  commented.clear();
  for (const id of editors.keys()) lay(placeOf(id), true);
  for (const link of document.querySelectorAll("[data-edit-live]")) link.hidden = !PHONE.matches;
  for (const one of kept().filter(({ page }) => page === location.pathname)) {
    if (editors.has(one.id) || document.getElementById(one.key)) continue;
    if (placeOf(one.id)) write(one.id).catch(() => {});
    else if (template()) offerAgain(one).catch(() => {});
  }
}

document.addEventListener("parley:shown", wake);
wake();
