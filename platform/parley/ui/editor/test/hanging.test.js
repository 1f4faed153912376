import assert from "node:assert/strict";
import { test } from "node:test";

import { TextSelection } from "prosemirror-state";

import { carry, find, quoteOf } from "../src/hanging.js";
import { schema } from "../src/schema.js";

const { doc, footnote, hardBreak, paragraph } = schema.nodes;
const p = (...content) => paragraph.create(null, content.map((one) => (typeof one === "string" ? schema.text(one) : one)));
const text = (...blocks) => doc.create(null, blocks);
const said = (words, place) => words.textBetween(place.from, place.to, "\n");

test("of the same words in several places those with the same surroundings are found", () => {
  const river = text(p("The river rises. We drink from the river, one river."));
  const place = find(river, { words: "river", before: "drink from the ", after: "" });
  assert.equal(river.textBetween(place.from - 9, place.to), "from the river");
});

test("words are found over paragraphs, line breaks and footnotes", () => {
  const river = text(p("One", footnote.create(null, schema.text("A source")), " river."), p("Two", hardBreak.create(), "banks."));
  const place = find(river, { words: "One river. Two", before: "", after: "" });
  assert.equal(said(river, place), "OneA source river.\nTwo");
  assert.equal(find(river, { words: "three banks", before: "", after: "" }), null);
});

test("what is chosen is quoted with what stands beside it, and found again", () => {
  const river = text(p("We drink 𝄞 from"), p("one river."));
  const state = { doc: river, selection: TextSelection.create(river, 4, 9) };
  const quote = quoteOf(state);
  assert.deepEqual(quote, { words: "drink", before: "We ", after: " 𝄞 from one river." });
  assert.equal(said(river, find(river, quote)), "drink");
  assert.equal(quoteOf({ doc: river, selection: TextSelection.create(river, 4) }), null);
});

test("words that others changed stay marked between the words around them", () => {
  const before = text(p("We drink from one river."));
  const words = find(before, { words: "one river", before: "", after: "" });
  const carried = (...blocks) => {
    const place = carry(before, text(...blocks), words);
    return place && said(text(...blocks), place);
  };
  assert.equal(carried(p("We drink from one wide river.")), "one wide river");
  assert.equal(carried(p("Today we drink from one river.")), "one river");
  assert.equal(carried(p("We drink from one"), p("river.")), "one\nriver");
  assert.equal(carried(p("We drink from .")), null);
});
