// Texts on their way through the editor, for the tests in Python: one JSON object a line in, one out.
// { text } gives { update, text }: the document of Yjs that the editor makes of it, and the text as it reads it.
// { update } gives { text }; { seed } a random text.
import { createInterface } from "node:readline";
import { prosemirrorJSONToYDoc, yDocToProsemirrorJSON } from "y-prosemirror";
import { applyUpdate, Doc, encodeStateAsUpdate } from "yjs";

import { schema } from "../src/schema.js";
import { Rough } from "./rough.js";

function checked(json) {
  const node = schema.nodeFromJSON(json);
  node.check();
  return node.toJSON();
}

function through({ text, update, seed }) {
  if (seed) return { text: checked(new Rough(seed).doc(schema).toJSON()) };
  if (update) {
    const doc = new Doc();
    applyUpdate(doc, Buffer.from(update, "base64"));
    return { text: checked(yDocToProsemirrorJSON(doc, "default")) };
  }
  const made = encodeStateAsUpdate(prosemirrorJSONToYDoc(schema, checked(text), "default"));
  return { text: checked(text), update: Buffer.from(made).toString("base64") };
}

for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(through(JSON.parse(line))));
