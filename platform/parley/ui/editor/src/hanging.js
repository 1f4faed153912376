// Comments on words: where they hang is known outside the text, and drawn here over it. Nothing of them is in the text.
import { Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { ySyncPluginKey } from "y-prosemirror";

const CONTEXT = 40; // as reports.text.places
const STORE = "parley:quote"; // as quoting.js
const key = new PluginKey("hanging");

// ---------- The letters of a text, as places count them on the server: footnotes left out, white space as one ----------
class Letters {
  constructor(doc) {
    this.text = "";
    this.at = []; // of each letter its position in the document
    doc.descendants((node, at) => this.take(node, at));
  }

  take(node, at) {
    if (node.type.name === "footnote") return false;
    if (node.isText) for (let unit = 0; unit < node.text.length; unit++) this.add(node.text[unit], at + unit);
    else if (node.isTextblock || node.type.name === "hardBreak") this.add(" ", at);
    return true;
  }

  add(letter, at) {
    const one = /\s/u.test(letter) ? " " : letter;
    if (one === " " && (!this.text || this.text.endsWith(" "))) return;
    this.text += one;
    this.at.push(at);
  }

  // Of several places the one whose surroundings agree most.
  find({ words, before, after }) {
    const wanted = folded(words).trim();
    let best = null;
    for (let at = this.text.indexOf(wanted); wanted && at >= 0; at = this.text.indexOf(wanted, at + 1)) {
      const company = alike(reversed(this.text.slice(0, at)), reversed(folded(before))) + alike(this.text.slice(at + wanted.length), folded(after));
      if (!best || company > best.company) best = { company, from: this.at[at], to: this.at[at + wanted.length - 1] + 1 };
    }
    return best;
  }

  // The first of these letters, and the one after the last.
  stretch(from, to) {
    return [this.at.findIndex((at) => at >= from), this.at.findLastIndex((at) => at < to) + 1];
  }

  quote(from, to) {
    const [first, end] = this.stretch(from, to);
    if (first < 0 || end <= first) return null;
    const words = this.text.slice(first, end).trim();
    return words ? { words, before: this.text.slice(Math.max(first - CONTEXT, 0), first), after: this.text.slice(end, end + CONTEXT) } : null;
  }

  // Where these words are in a text that differs from this one in one place; null where that place has swallowed them.
  carry(later, { from, to }) {
    const [first, end] = this.stretch(from, to);
    const same = alike(this.text, later.text);
    const [left, grown] = [sameAtEnd(this.text, later.text, same), later.text.length - this.text.length];
    const moved = (at, within) => (at <= same ? at : at >= left ? at + grown : within);
    const [start, stop] = [moved(first, same), moved(end, left + grown)];
    return first >= 0 && stop > start ? { from: later.at[start], to: later.at[stop - 1] + 1 } : null;
  }
}

const folded = (words) => words.replace(/\s+/gu, " ");
const reversed = (words) => [...words].reverse().join("");

function alike(one, other) {
  let count = 0;
  while (count < one.length && count < other.length && one[count] === other[count]) count++;
  return count;
}

// From which letter of the first text on both read alike to their ends, the first `taken` letters left out.
function sameAtEnd(one, other, taken) {
  let count = 0;
  const most = Math.min(one.length, other.length) - taken;
  while (count < most && one[one.length - 1 - count] === other[other.length - 1 - count]) count++;
  return one.length - count;
}

export function find(doc, quote) {
  return new Letters(doc).find(quote);
}

export function quoteOf({ doc, selection }) {
  return selection.empty ? null : new Letters(doc).quote(selection.from, selection.to);
}

export function carry(before, doc, place) {
  return new Letters(before).carry(new Letters(doc), place);
}

// ---------- Drawn: moved along with what is typed here; found anew when the text is laid anew ----------
function drawn(doc, comments, foundOtherwise = () => null) {
  const letters = new Letters(doc);
  const placed = comments.map((one) => [letters.find(one) ?? foundOtherwise(one, letters), one]).filter(([place]) => place);
  return DecorationSet.create(doc, placed.map(([{ from, to }, one]) => Decoration.inline(from, to, { class: "commented", title: one.kind }, { one })));
}

// Letters of others lay the whole text anew: words that they changed are where the words around them say.
function laidAnew({ before, doc }, { comments, set }) {
  const earlier = new Letters(before);
  return drawn(doc, comments, (comment, letters) => {
    const [place] = set.find(undefined, undefined, ({ one }) => one === comment);
    return place ? earlier.carry(letters, place) : null;
  });
}

export function hanging() {
  return new Plugin({
    key,
    state: {
      init: () => ({ comments: [], set: DecorationSet.empty }),
      apply(change, { comments, set }) {
        const told = change.getMeta(key);
        if (told) return { comments: told, set: drawn(change.doc, told) };
        if (change.getMeta(ySyncPluginKey)?.isChangeOrigin) return { comments, set: laidAnew(change, { comments, set }) };
        return { comments, set: set.map(change.mapping, change.doc) };
      },
    },
    props: { decorations: (state) => key.getState(state).set },
  });
}

// What its person may see, by a request that asks the rules. Without an answer the words stay as they were drawn.
export async function drawComments(view, address) {
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const { comments } = await answer.json();
  if (!view.isDestroyed) view.dispatch(view.state.tr.setMeta(key, comments).setMeta("addToHistory", false));
}

// The chosen words, for the page at this address; whether there are any.
export function keepQuote(state, address) {
  const quote = quoteOf(state);
  if (quote) sessionStorage.setItem(STORE, JSON.stringify({ address, ...quote }));
  return Boolean(quote);
}

// The form opens beside this page, which goes on writing: what is unsaved here stays here.
export function commentOn(view, address) {
  if (!keepQuote(view.state, address)) return;
  window.open(address, "_blank");
  sessionStorage.removeItem(STORE);
}
