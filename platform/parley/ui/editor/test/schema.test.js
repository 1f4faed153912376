import assert from "node:assert/strict";
import { test } from "node:test";
import { prosemirrorJSONToYDoc, yDocToProsemirrorJSON } from "y-prosemirror";
import { Doc, applyUpdate, encodeStateAsUpdate } from "yjs";

import { schema } from "../src/schema.js";
import { Rough } from "./rough.js";

const ROUNDS = 500;

function throughYjs(json) {
  const there = new Doc();
  applyUpdate(there, encodeStateAsUpdate(prosemirrorJSONToYDoc(schema, json, "default")));
  return yDocToProsemirrorJSON(there, "default");
}

test("random texts are the same after the way through Yjs", () => {
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const doc = new Rough(seed).doc(schema);
    doc.check();
    const back = schema.nodeFromJSON(throughYjs(doc.toJSON()));
    assert.deepEqual(back.toJSON(), doc.toJSON(), `seed ${seed}`);
  }
});

test("a text that the schema does not know is refused", () => {
  const table = { type: "doc", content: [{ type: "table" }] };
  assert.throws(() => schema.nodeFromJSON(table), /Unknown node type: table/);
});

test("every node and mark of the schema is drawn", () => {
  const drawn = [...Object.values(schema.nodes), ...Object.values(schema.marks)].filter((type) => type.spec.toDOM);
  const all = [...Object.keys(schema.nodes), ...Object.keys(schema.marks)].filter((name) => !["doc", "text"].includes(name));
  assert.deepEqual(drawn.map((type) => type.name), all);
});
