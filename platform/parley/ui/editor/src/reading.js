// A text as the page reads it, until the server has cut a revision of it: the same elements as reports.text.html.
import { DOMSerializer } from "prosemirror-model";

import { schema } from "./schema.js";

export function asRead(doc, words, first) {
  const notes = [];
  const drawn = new DOMSerializer(
    { ...DOMSerializer.nodesFromSchema(schema), heading: () => "", footnote: (node) => call(first + notes.push(node) - 1, words) },
    { ...DOMSerializer.marksFromSchema(schema), comment: () => ["span", 0] },
  );
  const body = doc.firstChild.type.name === "heading" ? doc.content.cut(doc.firstChild.nodeSize) : doc.content;
  const read = drawn.serializeFragment(body);
  if (notes.length) read.append(list(notes, drawn, words, first));
  return read;
}

function call(number, words) {
  return ["sup", ["span", { class: "footnote-call" }, ["span", { class: "unseen" }, `${words.footnote} `], String(number)]];
}

function list(notes, drawn, words, first) {
  const foot = document.createElement("div");
  foot.className = "footnotes";
  foot.setAttribute("role", "group");
  foot.setAttribute("aria-label", words.footnotes);
  const entries = document.createElement("ol");
  if (first !== 1) entries.start = first;
  for (const note of notes) entries.append(document.createElement("li"));
  notes.forEach((note, at) => drawn.serializeFragment(note.content, {}, entries.children[at]));
  foot.append(entries);
  return foot;
}
