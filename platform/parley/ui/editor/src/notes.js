// Footnotes: a number in the text; its words are written in a dialog with a small editor of its own.
import { history, redo, undo } from "prosemirror-history";
import { EditorState } from "prosemirror-state";
import { EditorView } from "prosemirror-view";

import { keymaps, markKeys } from "./commands.js";
import { ask } from "./dialogs.js";
import { cleaned, possible } from "./pasting.js";
import { schema } from "./schema.js";
import { Tools } from "./tools.js";

const { footnote } = schema.nodes;

export class NoteView {
  constructor(node, view, getPos, notes) {
    this.dom = document.createElement("sup");
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "note-call";
    this.button.addEventListener("click", () => notes.change(view, this, getPos));
    this.dom.append(this.button);
    this.name = notes.name;
    this.update(node);
  }

  update(node) {
    if (node.type !== footnote) return false;
    this.node = node;
    this.button.title = node.textContent;
    this.button.setAttribute("aria-label", this.name.replace("{words}", node.textContent));
    return true;
  }

  stopEvent(event) {
    return event.type === "click" || event.type === "keydown";
  }

  ignoreMutation() {
    return true;
  }

  destroy() {
    this.isGone = true;
  }
}

export class Notes {
  constructor(dialog, linkDialog) {
    this.dialog = dialog;
    this.linkDialog = linkDialog;
    this.name = dialog.dataset.name;
  }

  // A new footnote at the caret.
  add(view) {
    this.write(footnote.create(), (words) => words.size && insert(view, words), view);
  }

  change(view, note, getPos) {
    const before = note.node.content;
    this.write(note.node, (words) => {
      if (words.eq(before)) return;
      if (note.isGone) return insert(view, words);
      const at = getPos();
      const now = both(note.node.content, before, words);
      view.dispatch(now.size ? view.state.tr.replaceWith(at + 1, at + 1 + note.node.content.size, now) : view.state.tr.delete(at, at + note.node.nodeSize));
    }, view);
  }

  write(node, done, outer) {
    const inner = this.open(node);
    ask(this.dialog, (value) => {
      const words = inner.state.doc.content;
      inner.destroy();
      if (value === "remove") done(footnote.create().content);
      if (value === "keep") done(words);
      outer.focus();
    });
    inner.focus();
  }

  open(node) {
    const close = (value) => () => (this.dialog.close(value), true); // ProseMirror takes the Escape that the dialog waits for
    const keys = { ...markKeys, Enter: close("keep"), Escape: close(""), "Mod-z": undo, "Mod-y": redo, "Mod-Shift-z": redo };
    const place = this.dialog.querySelector("[data-note]");
    this.dialog.querySelector("[value=remove]").hidden = !node.content.size;
    const view = new EditorView({ mount: place }, {
      state: EditorState.create({ doc: footnote.create(null, node.content), plugins: [history(), ...keymaps(keys)] }),
      attributes: { role: "textbox", "aria-labelledby": this.dialog.getAttribute("aria-labelledby") },
      transformPastedHTML: (html) => cleaned(html),
      transformPastedText: possible,
      dispatchTransaction(change) {
        view.updateState(view.state.apply(change));
        tools.show();
      },
    });
    const tools = new Tools(this.dialog.querySelector("[role=toolbar]"), view, { linkDialog: this.linkDialog });
    return view;
  }
}

function insert(view, words) {
  view.dispatch(view.state.tr.replaceSelectionWith(footnote.create(null, words), false).scrollIntoView());
}

// Somebody else changed the same footnote while the dialog was open: neither loses their words.
function both(theirs, before, mine) {
  if (theirs.eq(before) || !mine.size) return mine;
  return theirs.size ? theirs.addToEnd(schema.text(" / ")).append(mine) : mine;
}
