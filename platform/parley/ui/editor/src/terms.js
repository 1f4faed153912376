// Agreed terms of the programme's glossary, underlined while one writes; why is told where the caret stands. Nothing of
// it is in the text, and words in quotation marks are somebody's own.
import { Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";

const LETTER = /[\p{L}\p{N}_]/u;
const OPENS = "“\"«„‘'";
const CLOSES = "”\"»“’'";
const OBJECT = "\ufffc"; // stands for whatever in a line is no letter
const key = new PluginKey("terms");

// One line of a text and where each of its letters stands.
function lineOf(block, at) {
  let text = "";
  const places = [];
  block.forEach((node, offset) => {
    const letters = node.isText ? node.text : OBJECT;
    for (let unit = 0; unit < letters.length; unit++) places.push(at + 1 + offset + (node.isText ? unit : 0));
    text += letters;
  });
  return { text, places };
}

function linesOf(doc) {
  const lines = [];
  doc.descendants((node, at) => {
    if (node.isTextblock && node.type.name !== "footnote") lines.push(lineOf(node, at));
    return !node.isTextblock;
  });
  return lines;
}

// Lower case may be longer than the capitals were ("İ"): then capitals are compared as they stand.
function folded(text) {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text;
}

const isQuoted = (text, from, to) => from > 0 && to < text.length && OPENS.includes(text[from - 1]) && CLOSES.includes(text[to]);
const isWhole = (text, from, to) => !LETTER.test(text[from - 1] ?? " ") && !LETTER.test(text[to] ?? " ");

// Each place of each term: { from, to, words, term }. Who names what every side says is fair to all.
export function termsIn(doc, terms) {
  const lines = linesOf(doc);
  const whole = folded(lines.map(({ text }) => text).join("\n"));
  const wanted = terms.filter(({ fair }) => !fair.length || !fair.every((words) => whole.includes(folded(words))));
  return lines.flatMap((line) => wanted.flatMap((term) => placesIn(line, term)));
}

function placesIn({ text, places }, term) {
  const found = [];
  const low = folded(text);
  for (const words of term.words) {
    const sought = folded(words);
    for (let at = low.indexOf(sought); sought && at >= 0; at = low.indexOf(sought, at + sought.length)) {
      const end = at + sought.length;
      const isTaken = found.some((one) => at < one.end && end > one.at);
      if (isTaken || !isWhole(text, at, end) || isQuoted(text, at, end)) continue;
      found.push({ at, end, from: places[at], to: places[end - 1] + 1, words: text.slice(at, end), term });
    }
  }
  return found;
}

function drawn(doc, terms) {
  const found = terms.length ? termsIn(doc, terms) : [];
  return { terms, found, set: DecorationSet.create(doc, found.map(({ from, to, term }) => Decoration.inline(from, to, { class: `term term-${term.kind}` }))) };
}

export function underlinesTerms() {
  return new Plugin({
    key,
    state: {
      init: (_config, { doc }) => drawn(doc, []),
      apply(change, held) {
        const terms = change.getMeta(key);
        return terms || change.docChanged ? drawn(change.doc, terms ?? held.terms) : held;
      },
    },
    props: { decorations: (state) => key.getState(state).set },
  });
}

// Why the words at the caret are underlined, in a sentence; "" where they are not.
export function reasonAt(state) {
  const { from } = state.selection;
  const here = key.getState(state)?.found.find((one) => one.from <= from && from <= one.to);
  return here ? here.term.says.replace("{words}", here.words) : "";
}

export async function drawTerms(view, address) {
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const { terms } = await answer.json();
  if (!view.isDestroyed) view.dispatch(view.state.tr.setMeta(key, terms).setMeta("addToHistory", false));
}
