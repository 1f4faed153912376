// What the tools do to the text. Each is a ProseMirror command: (state, dispatch) → whether it can be done.
import { baseKeymap, chainCommands, exitCode, toggleMark } from "prosemirror-commands";
import { InputRule, inputRules, wrappingInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
import { Selection, TextSelection } from "prosemirror-state";
import { redoCommand, undoCommand } from "y-prosemirror";

import { schema } from "./schema.js";

const { bulletList, orderedList, options, listItem, option, hardBreak } = schema.nodes;
const { bold, italic } = schema.marks;

export function listAround(state) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--)
    if ([bulletList, orderedList, options].includes($from.node(depth).type)) return { node: $from.node(depth), at: $from.before(depth) };
  return null;
}

// Into the list, out of it, or from one kind into the other.
function toggleList(list) {
  return (state, dispatch, view) => {
    const around = listAround(state);
    if (!around) return wrapInList(list)(state, dispatch);
    if (around.node.type === list || list === options || around.node.type === options)
      return liftListItem(around.node.type === options ? option : listItem)(state, dispatch, view);
    dispatch?.(state.tr.setNodeMarkup(around.at, list));
    return true;
  };
}

function breakLine(state, dispatch) {
  if (state.selection.$from.parent.type !== schema.nodes.paragraph) return false;
  dispatch?.(state.tr.replaceSelectionWith(hardBreak.create()).scrollIntoView());
  return true;
}

// From the first letter to the last: a selection of the whole document belongs to no list and no heading.
function selectAllWords(state, dispatch) {
  const [first, last] = [Selection.atStart(state.doc), Selection.atEnd(state.doc)];
  dispatch?.(state.tr.setSelection(TextSelection.between(first.$from, last.$to)));
  return true;
}

export const commands = {
  bold: toggleMark(bold),
  italic: toggleMark(italic),
  bullets: toggleList(bulletList),
  numbers: toggleList(orderedList),
  options: toggleList(options),
  undo: undoCommand,
  redo: redoCommand,
};

export const markKeys = { "Mod-b": commands.bold, "Mod-i": commands.italic };
export const historyKeys = { "Mod-z": commands.undo, "Mod-y": commands.redo, "Mod-Shift-z": commands.redo };

// Tab leaves the text, as everywhere on the page; lists are nested by Mod-] and Mod-[.
const textKeys = {
  ...markKeys,
  ...historyKeys,
  "Mod-Shift-7": commands.numbers,
  "Mod-Shift-8": commands.bullets,
  "Mod-a": selectAllWords,
  "Mod-]": chainCommands(sinkListItem(listItem), sinkListItem(option)),
  "Mod-[": chainCommands(liftListItem(listItem), liftListItem(option)),
  Enter: chainCommands(splitListItem(listItem), splitListItem(option)),
  "Shift-Enter": chainCommands(exitCode, breakLine),
};

// Without ProseMirror's Escape, which selects a whole paragraph: the next letter would take its place.
const { Escape: _selectsParent, ...plainKeys } = baseKeymap;

export function keymaps(keys) {
  return [keymap(keys), keymap(plainKeys)];
}

export function textKeymaps(more) {
  return keymaps({ ...textKeys, ...more });
}

// "- ", "1. " and "a) " begin a list, as in the plain form.
export function typingRules() {
  return inputRules({
    rules: [
      wrappingInputRule(/^\s*[-•]\s$/, bulletList),
      wrappingInputRule(/^([1-9]\d{0,2})\.\s$/, orderedList, (found) => ({ start: Number(found[1]) })),
      atTopOnly(wrappingInputRule(/^a\)\s$/, options)),
    ],
  });
}

function atTopOnly(rule) {
  return new InputRule(rule.match, (state, ...found) => (listAround(state) ? null : rule.handler(state, ...found)));
}
