import assert from "node:assert/strict";
import { before, test } from "node:test";

import { isOffline, othersWords, statusWords } from "../src/status.js";

const words = { saving: "Saving…", saved: "Saved {time}", offline: "Offline", offlineSince: "Offline since {time}", others: "Also: {names}" };
const now = new Date(2026, 2, 14, 14, 2, 30).getTime();
const seconds = (count) => now - count * 1000;

before(() => {
  globalThis.document = { documentElement: { lang: "en" } };
});

function state(more) {
  return { isSaved: true, acknowledgedAt: 0, lostAt: null, savedAt: null, ...more };
}

test("a text that nobody has saved yet says nothing", () => {
  assert.equal(statusWords(state({}), words, now), "");
});

test("what waits is being saved, and what was saved a moment ago still reads so", () => {
  assert.equal(statusWords(state({ isSaved: false }), words, now), "Saving…");
  assert.equal(statusWords(state({ acknowledgedAt: now - 100, savedAt: new Date(now) }), words, now), "Saving…");
});

test("what is saved says when", () => {
  assert.match(statusWords(state({ savedAt: new Date(2026, 2, 3, 14, 2) }), words, now), /^Saved .*14:02$/);
});

test("a connection lost for five seconds is said, for a minute with its time", () => {
  const lost = (count) => statusWords(state({ isSaved: false, lostAt: seconds(count) }), words, now);
  assert.equal(lost(4), "Saving…");
  assert.equal(lost(5), "Offline");
  assert.match(lost(60), /^Offline since .*14:01$/);
});

test("a short gap is no offline", () => {
  assert.deepEqual([4, 5].map((count) => isOffline({ lostAt: seconds(count) }, now)), [false, true]);
});

test("each of the others is named once", () => {
  const others = ["Samir", "Samir", "Ani"].map((name) => ({ name }));
  assert.equal(othersWords({ others }, words), "Also: Samir, Ani");
  assert.equal(othersWords({ others: [] }, words), "");
});
