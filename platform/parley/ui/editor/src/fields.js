// A recommendation's addressee and horizon: ordinary fields under the words, kept in the heading's attributes.
import { Plugin } from "prosemirror-state";
import { ySyncPluginKey } from "y-prosemirror";

import { schema } from "./schema.js";

const { heading } = schema.nodes;

function headingOf(doc) {
  return doc.firstChild?.type === heading ? doc.firstChild : null;
}

export class Fields {
  constructor(inputs, view) {
    this.inputs = [...inputs];
    this.view = view;
    for (const input of this.inputs) input.addEventListener("input", () => this.write(input));
    this.show();
  }

  write(input) {
    const { state } = this.view;
    const found = headingOf(state.doc);
    const attrs = { ...found?.attrs, [input.dataset.field]: input.value };
    this.view.dispatch(found ? state.tr.setNodeMarkup(0, null, attrs) : state.tr.insert(0, heading.create(attrs)));
  }

  show() {
    const found = headingOf(this.view.state.doc);
    for (const input of this.inputs) {
      const value = found?.attrs[input.dataset.field] ?? "";
      if (input.value !== value) input.value = value;
    }
  }

  end() {
    for (const input of this.inputs) input.readOnly = true;
  }
}

// Whoever deletes all words of a recommendation keeps its heading's place, addressee and horizon. Only one's own
// deletions are mended: mending the others' would put a heading there from every page at once.
export function keepsHeading() {
  return new Plugin({
    appendTransaction(changes, before, after) {
      const lost = headingOf(before.doc) && !headingOf(after.doc);
      if (!lost || changes.some((change) => change.getMeta(ySyncPluginKey))) return null;
      return after.tr.insert(0, heading.create(before.doc.firstChild.attrs));
    },
  });
}
