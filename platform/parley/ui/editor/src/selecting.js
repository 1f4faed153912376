// The browser moves the caret at once and tells of it in a task of its own (selectionchange). What happens between the
// two, a key that overtakes on a busy machine or somebody else's letters, would act on the old place and put the caret back.
import { Plugin } from "prosemirror-state";

export function readSelection(view) {
  if (!view.isDestroyed && !view.composing) view.domObserver.flush();
}

export function readsSelection() {
  const read = (view) => (readSelection(view), false);
  return new Plugin({ props: { handleDOMEvents: { keydown: read, paste: read } } });
}

// A change that only redraws (a caret of somebody else, a comment) keeps the place that was chosen meanwhile.
export function keepingSelection(view, change) {
  if (change.docChanged || change.selectionSet) return change;
  readSelection(view);
  const { selection } = view.state;
  return selection.eq(change.selection) ? change : change.setSelection(selection);
}
