// Words chosen in a passage become the quote of a comment or of a bracket. Between the two pages they lie in this tab's store alone: an
// address would carry a caucus's words into logs.
const STORE = "parley:quote";
const CONTEXT = 40; // characters beside the words, by which the server knows them from the same words elsewhere
const SETTLED = 150; // milliseconds without a change of the selection
// What stands between the words and is none of them.
const NO_WORDS = ".footnotes, .footnote-call, .comment-call, .attribution, .bracket-sign, .unseen";

// ---------- Reading: what is chosen, and the button beside it ----------
const region = () => document.querySelector("[data-comment-on-words]");
const button = document.createElement("p");
const [link, bracket] = [document.createElement("a"), document.createElement("a")];
button.className = "comment-on-words not-printed";
link.className = "button button-small";
bracket.className = "button button-second button-small";
button.append(link, bracket);

let quote; // of the words that are chosen
let settling;

function chosen() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const words = element(range.commonAncestorContainer).closest("[data-quotable]");
  if (!words || !region()) return null;
  quote = quoted(words, range);
  return quote.words ? { words, range } : null;
}

const element = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement);

function quoted(words, range) {
  const [before, after] = [document.createRange(), document.createRange()];
  before.setStart(words, 0);
  before.setEnd(range.startContainer, range.startOffset);
  after.setStart(range.endContainer, range.endOffset);
  after.setEnd(words, words.childNodes.length);
  return { words: plain(range).trim(), before: plain(before).slice(-CONTEXT), after: plain(after).slice(0, CONTEXT) };
}

function plain(range) {
  const piece = range.cloneContents();
  for (const one of piece.querySelectorAll(NO_WORDS)) one.remove();
  for (const one of piece.querySelectorAll("br")) one.replaceWith("\n");
  return piece.textContent;
}

// It stands behind the passage's words in the page; the Tab key leads from the chosen words to it.
function offer() {
  const found = chosen();
  if (!found) return button.contains(document.activeElement) || button.remove();
  link.textContent = region().dataset.commentOnWords;
  link.href = found.words.dataset.quotable;
  bracket.textContent = region().dataset.bracketWords;
  bracket.hidden = !found.words.dataset.bracketable;
  bracket.href = found.words.dataset.bracketable ?? "";
  if (button.previousElementSibling !== found.words) found.words.after(button);
  place(found);
}

function place({ words, range }) {
  const [line, frame] = [[...range.getClientRects()].pop(), words.offsetParent.getBoundingClientRect()];
  button.style.setProperty("--down", `${line.bottom - frame.top + 6}px`);
  button.style.setProperty("--along", `${Math.max(line.right - frame.left - button.offsetWidth, 0)}px`);
}

function keep(way) {
  sessionStorage.setItem(STORE, JSON.stringify({ address: way.pathname, ...quote }));
}

document.addEventListener("selectionchange", () => {
  clearTimeout(settling);
  settling = setTimeout(offer, SETTLED);
});
offer(); // on a slow line words are chosen before this part has come
for (const way of [link, bracket]) {
  way.addEventListener("mousedown", (event) => event.preventDefault()); // the words stay chosen
  way.addEventListener("click", () => keep(way));
}
document.addEventListener("keydown", (event) => {
  const isAtWords = button.isConnected && document.activeElement.contains(button) && chosen();
  if (event.key !== "Tab" || event.shiftKey || !isAtWords) return;
  event.preventDefault();
  link.focus();
});
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || !event.altKey || event.code !== "KeyM" || event.defaultPrevented) return;
  offer();
  if (!button.isConnected) return;
  event.preventDefault();
  keep(link);
  location.assign(link.href);
});

// ---------- From the words to what was said of them: the comments under a passage are closed at first ----------
function open() {
  const target = /^#[tw]-\w+$/.test(location.hash) && document.querySelector(location.hash);
  const closed = target && target.closest("details:not([open])");
  if (!closed) return;
  closed.open = true;
  target.scrollIntoView();
}
addEventListener("hashchange", open);
document.addEventListener("parley:shown", open);
open();

// ---------- The page of the comment or the bracket: the quote is filled in once ----------
function fill() {
  const kept = JSON.parse(sessionStorage.getItem(STORE) ?? "null");
  const fields = [...document.querySelectorAll("[data-quote]")];
  if (kept?.address !== location.pathname || !fields.length) return;
  sessionStorage.removeItem(STORE);
  if (fields[0].value) return;
  for (const field of fields) field.value = field.defaultValue = kept[field.dataset.quote] ?? "";
}
fill();
