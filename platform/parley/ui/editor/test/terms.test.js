import assert from "node:assert/strict";
import { test } from "node:test";

import { schema } from "../src/schema.js";
import { termsIn } from "../src/terms.js";

const AVOID = { kind: "avoid", words: ["the war party"], fair: [], says: "“{words}” blames." };
const CONTESTED = { kind: "contested", words: ["Upper Weir", "Tashan"], fair: ["Upper Weir", "Tashan"], says: "" };

const docOf = (...lines) => schema.node("doc", null, lines.map((line) => schema.node("paragraph", null, line ? [schema.text(line)] : [])));
const found = (terms, ...lines) => termsIn(docOf(...lines), terms).map(({ words }) => words);

test("a term is found whatever its capitals, as a whole word, more than once", () => {
  assert.deepEqual(found([AVOID], "The War Party left; the war party came.", "the war partying"), ["The War Party", "the war party"]);
});

test("its place is that of its letters in the document", () => {
  const doc = docOf("First.", "Then the war party left.");
  const [{ from, to }] = termsIn(doc, [AVOID]);
  assert.equal(doc.textBetween(from, to), "the war party");
});

test("what stands in quotation marks is somebody's word", () => {
  assert.deepEqual(found([AVOID], "They say “the war party”."), []);
});

test("both names together are fair, one alone is not", () => {
  assert.deepEqual(found([CONTESTED], "We met in Tashan."), ["Tashan"]);
  assert.deepEqual(found([CONTESTED], "We met in Tashan (Upper Weir)."), []);
});

test("a mark in the middle of a term hides it not", () => {
  const bold = schema.node("paragraph", null, [schema.text("the "), schema.text("war", [schema.mark("bold")]), schema.text(" party")]);
  assert.equal(termsIn(schema.node("doc", null, [bold]), [AVOID]).length, 1);
});

test("letters that grow in lower case move nothing", () => {
  assert.deepEqual(found([AVOID], "İstanbul: the war party."), ["the war party"]);
});
