// Words in brackets: shown between signs, with the side that opened them, and changed by nobody alone. What others
// change passes: the server lets a bracket be opened, closed and withdrawn by its own rules.
import { Plugin } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { ySyncPluginKey, yUndoPluginKey } from "y-prosemirror";

import { schema } from "./schema.js";

const { bracket } = schema.marks;

// By its id where each bracket begins and ends.
export function bracketsIn(doc) {
  const found = new Map();
  doc.descendants((node, at) => {
    const mark = node.isText && bracket.isInSet(node.marks);
    if (mark) found.set(mark.attrs.id, { from: found.get(mark.attrs.id)?.from ?? at, to: at + node.nodeSize });
  });
  return found;
}

function held(doc) {
  const whole = [...bracketsIn(doc)].map(([id, { from, to }]) => [id, doc.slice(from, to).content.toJSON()]);
  return JSON.stringify(whole.sort(([one], [other]) => (one < other ? -1 : 1)));
}

// `refused` hears when somebody tries to change such words.
export function protectsBrackets(refused) {
  return new Plugin({
    filterTransaction(change, { doc }) {
      if (!change.docChanged || change.getMeta(ySyncPluginKey) || held(doc) === held(change.doc)) return true;
      refused();
      return false;
    },
    props: { decorations: ({ doc }) => DecorationSet.create(doc, [...bracketsIn(doc)].flatMap(signs)) },
    view: () => ({ update: forgetsHistory }),
  });
}

// Undo goes back to before a bracket was opened or closed by nobody's hand but the keys'.
function forgetsHistory(view, before) {
  const ids = (doc) => [...bracketsIn(doc).keys()].sort().join();
  if (ids(view.state.doc) !== ids(before.doc)) yUndoPluginKey.getState(view.state)?.undoManager.clear();
}

function signs([id, { from, to }]) {
  const owner = document.getElementById(`b-${id}`)?.dataset.owner ?? "";
  return [
    Decoration.widget(from, () => sign("[", owner), { side: 1, ignoreSelection: true, key: `[${id}${owner}` }),
    Decoration.inline(from, to, { class: "bracketed" }),
    Decoration.widget(to, () => sign("]"), { side: -1, ignoreSelection: true, key: `]${id}` }),
  ];
}

function sign(letter, owner = "") {
  const drawn = document.createElement("span");
  drawn.className = "bracket-sign";
  drawn.textContent = letter;
  if (owner) drawn.dataset.owner = owner;
  return drawn;
}

// Whether the selected words can be put into one: in one paragraph, outside of those that are open.
export function canBracket({ doc, selection: { $from, $to, from, to, empty } }) {
  if (empty || !$from.sameParent($to) || $from.parent.type !== schema.nodes.paragraph) return false;
  return !doc.rangeHasMark(from, to, bracket) && Boolean(said(doc, from, to).trim());
}

function said(doc, from, to) {
  return doc.textBetween(from, to, "\n", (leaf) => (leaf.type === schema.nodes.hardBreak ? "\n" : ""));
}
