import assert from "node:assert/strict";
import { test } from "node:test";

import { schema } from "../src/schema.js";
import { changed, plain } from "../src/words.js";

const { bulletList, doc, footnote, hardBreak, listItem, option, options, orderedList, paragraph } = schema.nodes;
const p = (...content) => paragraph.create(null, content.map((one) => (typeof one === "string" ? schema.text(one) : one)));
const text = (...blocks) => doc.create(null, blocks);

test("copied words read in the notation of the plain form", () => {
  const note = footnote.create(null, schema.text("A source"));
  const items = [listItem.create(null, [p("one"), bulletList.create(null, listItem.create(null, p("inner")))]), listItem.create(null, p("two"))];
  const words = text(
    p("First", note, ".", hardBreak.create(), "Next line"),
    orderedList.create({ start: 4 }, items),
    options.create(null, [option.create(null, p("measure")), option.create(null, p("publish"))]),
  );
  assert.equal(plain(words), "First^[A source].\nNext line\n\n4. one\n   - inner\n5. two\n\na) measure\nb) publish");
});

test("unsaved words are the paragraphs that were not there when all was saved", () => {
  const saved = text(p("Stays."), p("Begun."));
  assert.equal(changed(text(p("Stays."), p("Begun, and more."), p("New.")), saved), "Begun, and more.\n\nNew.");
  assert.equal(changed(saved, saved), "");
});
