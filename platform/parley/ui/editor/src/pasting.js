// Paste from word processors: their lists and footnotes become ours; everything else the schema filters.

// What no text may hold (reports.text.limits): controls, and the letters of symbol fonts that nobody else has.
const IMPOSSIBLE = /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\ue000-\uf8ff\ufffd]/g;
const HEAVY = /font-weight:\s*(bold|[5-9]\d\d)/i;
const NOT_HEAVY = /font-weight:\s*(normal|[1-4]\d\d)/i;
const SLANTED = /font-style:\s*(italic|oblique)/i;

// Word's conditional comments hold what is not for us; one that ends at once ("<!--[if !supportLists]-->") holds nothing.
const CONDITIONAL = /<!--\[if [^\]]*\]>[\s\S]*?<!\[endif\]-->/gi;

// What others said about the words, and words that a tracked change took out: no part of the text.
const NOT_THE_TEXT = [
  "script, meta, link, title, xml, del[cite], del[datetime], .msoDel, [data-style*='mso-hide:all']",
  ".MsoCommentReference, .msocomanchor, .msocomtxt, [data-style*='mso-element:comment']",
].join();

// A call in the text, the notes at the end, the way back: Word, Google Docs, LibreOffice.
const CALLS = [
  { call: "#_ftn", back: "#_ftnref", note: (id) => id.replace("_", "") },
  { call: "#_edn", back: "#_ednref", note: (id) => id.replace("_", "") },
  { call: "#ftnt", back: "#ftnt_ref", note: (id) => id },
  { call: "#sdfootnote", back: "anc", note: (id) => id.replace(/sym$/, "") },
];

const NOTES = "[data-style*='mso-element:footnote-list'], [data-style*='mso-element:endnote-list']";

const LISTED = "p[class*='MsoListParagraph'], p[data-style*='mso-list:']";
const SIGN = "[data-style*='mso-list:Ignore'], [data-style*='mso-list: Ignore']";
// Without Word's own mark on it, a sign is one only before a gap: "On the river" begins with no "o".
const TYPED_SIGN = /^\s*(?:[·•▪◦o§–-]|\(?(?:\d{1,3}|[a-z]|[ivxl]{1,5})[.)])[\s\u00a0]{2,}/i;
const NUMBER = /^\(?(\d+)[.)]/;

const BLOCK = "p, div, ul, ol, table, h1, h2, h3, h4, h5, h6, blockquote, pre, section";

// `html` is only read: a document of its own runs no scripts and loads nothing. Its styles are set aside as words before
// that, since the site's policy would complain of each. `tell` hears how many pictures were left out.
export function cleaned(html, tell = () => {}) {
  const plain = possible(html).replace(CONDITIONAL, "").replace(/<style[\s\S]*?<\/style>/gi, "").replace(/<[a-z][^>]*>/gi, unstyled);
  const page = new DOMParser().parseFromString(plain, "text/html");
  page.querySelectorAll(NOT_THE_TEXT).forEach((one) => one.remove());
  leaveOutPictures(page, tell);
  takeFootnotes(page);
  gatherLists(page);
  nestLists(page);
  page.querySelectorAll("td, th").forEach(asBlock);
  page.querySelectorAll("[data-style]").forEach(restyle);
  page.querySelectorAll("p").forEach(dropEmpty);
  return page.body.innerHTML;
}

export function possible(words) {
  return words.replace(IMPOSSIBLE, "");
}

// Whether a paste holds pictures alone.
export function isPicture(data) {
  const files = [...(data?.files ?? [])];
  return files.some((file) => file.type.startsWith("image/")) && !data.getData("text/html") && !data.getData("text/plain");
}

function unstyled(tag) {
  return tag.replace(/\sstyle\s*=/gi, " data-style=");
}

function leaveOutPictures(page, tell) {
  const pictures = page.querySelectorAll("img, picture, svg, object");
  pictures.forEach((one) => one.remove());
  if (pictures.length) tell(pictures.length);
}

// Google Docs writes bold as a style, and wraps all it copies in a <b> that is not bold. Word keeps runs of spaces apart.
function restyle(element) {
  const style = element.dataset.style;
  if (element.tagName === "B" && NOT_HEAVY.test(style)) return element.replaceWith(...element.childNodes);
  if (element.tagName !== "SPAN") return;
  if (/mso-spacerun:\s*yes/i.test(style)) return element.replaceWith(" ");
  if (HEAVY.test(style)) wrap(element, "strong");
  if (SLANTED.test(style)) wrap(element, "em");
}

function wrap(element, tag) {
  const inner = element.ownerDocument.createElement(tag);
  inner.append(...element.childNodes);
  element.append(inner);
}

// A cell is a paragraph of its own, also where its words stand in none.
function asBlock(cell) {
  if (!cell.querySelector(BLOCK)) wrap(cell, "p");
}

function dropEmpty(paragraph) {
  if (!paragraph.textContent.trim() && !paragraph.closest("li") && !paragraph.querySelector("[data-footnote]")) paragraph.remove();
}

// ---------- Footnotes ----------
function takeFootnotes(page) {
  for (const kind of CALLS) {
    for (const call of page.querySelectorAll(`a[href*="${kind.call}"]`)) {
      const target = call.getAttribute("href").split("#")[1];
      if (isBack(`#${target}`, kind)) continue;
      const note = noteOf(page, kind.note(target));
      if (note) takeFootnote(page, call, note);
    }
  }
  page.querySelectorAll("[data-taken]").forEach((note) => note.remove());
  page.querySelectorAll(NOTES).forEach(dropEmptyNotes);
}

const isBack = (href, { back }) => (back === "anc" ? href.endsWith(back) : href.startsWith(back));

// In Google Docs the note's id stands on its way back, within its paragraph.
function noteOf(page, id) {
  const found = page.getElementById(id);
  return found?.tagName === "A" ? found.closest("div, p, li") : found;
}

function takeFootnote(page, call, note) {
  const ours = page.createElement("span");
  ours.dataset.footnote = "";
  const copy = note.cloneNode(true);
  for (const back of copy.querySelectorAll("a[href*='#']")) if (isWayBack(back)) back.remove();
  const lines = copy.matches("p") ? [copy] : [...copy.querySelectorAll("p")];
  lines.forEach((line, at) => ours.append(...(at ? [" "] : []), ...line.childNodes));
  (call.closest("sup") ?? call).replaceWith(ours);
  note.dataset.taken = "";
}

const isWayBack = (link) => CALLS.some((kind) => isBack(`#${link.getAttribute("href").split("#")[1]}`, kind));

// Of Word's list of notes, what is left is the rule above them.
function dropEmptyNotes(list) {
  if (!list.textContent.trim()) list.remove();
}

// ---------- Lists ----------
// Word: every entry of a list is a paragraph of its own that begins with its sign and names its level.
function gatherLists(page) {
  let open = []; // the lists around the next entry, the outermost first, each with its level
  for (const entry of page.querySelectorAll(LISTED)) {
    const sign = takeSign(entry);
    if (!sign && !/mso-list:/.test(entry.dataset.style ?? "")) continue;
    const goesOn = open.length && entry.previousElementSibling === open[0].list;
    open = around(entry, sign, goesOn ? open : []);
    const item = page.createElement("li");
    open.at(-1).list.append(item);
    item.append(entry);
  }
}

// The open lists down to that of this entry, which is made where there is none of its level and kind.
function around(entry, sign, open) {
  const level = Number(/level(\d)/.exec(entry.dataset.style ?? "")?.[1] ?? 1);
  const kind = kindOf(sign);
  const outer = open.filter((one) => one.level < level);
  const held = open.find((one) => one.level === level && one.kind === kind);
  if (held) return [...outer, held];
  const list = listOf(entry.ownerDocument, kind, sign);
  const above = outer.at(-1)?.list.lastElementChild;
  if (above) above.append(list);
  else entry.before(list);
  if (!above && /^\(?a\)/i.test(sign)) list.className = "options";
  return [...outer, { level, kind, list }];
}

function listOf(page, kind, sign) {
  const list = page.createElement(kind === "bullets" ? "ul" : "ol");
  const number = Number(NUMBER.exec(sign)?.[1] ?? 1);
  if (number > 1) list.setAttribute("start", number);
  return list;
}

function kindOf(sign) {
  return /^\(?[\da-z]{1,5}[.)]/i.test(sign) ? "numbers" : "bullets";
}

// Its sign, which is taken out; "" where it has none.
function takeSign(entry) {
  const marked = entry.querySelector(SIGN);
  if (marked) {
    const sign = marked.textContent.trim();
    marked.remove();
    return sign;
  }
  const typed = TYPED_SIGN.exec(entry.textContent)?.[0] ?? "";
  dropStart(entry, typed.length);
  return typed.trim();
}

// Google Docs puts a list within a list beside the entry that it belongs to.
function nestLists(page) {
  for (const inner of page.querySelectorAll(":is(ul, ol) > :is(ul, ol)")) inner.previousElementSibling?.append(inner);
  for (const list of page.querySelectorAll("ol")) {
    const isLettered = /list-style-type:\s*lower-(alpha|latin)/i.test(list.firstElementChild?.dataset.style ?? "");
    if (isLettered && !list.closest("li")) list.className = "options";
  }
}

function dropStart(element, length) {
  const texts = element.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (length > 0 && texts.nextNode()) {
    const text = texts.currentNode;
    const taken = Math.min(length, text.data.length);
    text.data = text.data.slice(taken);
    length -= taken;
  }
}
