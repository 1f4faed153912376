import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { FakeServer, Page } from "./fake.js";

let pages = [];
afterEach(() => {
  pages.forEach((page) => page.close());
  pages = [];
});

function page(server, name = "Ani", more = {}) {
  pages.push(new Page(server, name, more));
  return pages.at(-1);
}

function committed(server) {
  return server.doc.getText("words").toString();
}

test("letters of one page appear on the other and are acknowledged", () => {
  const server = new FakeServer();
  const [one, other] = [page(server).connect(), page(server, "Samir").connect()];

  one.type("a road");

  assert.equal(other.words.toString(), "a road");
  assert.equal(one.channel.isSaved, true);
  assert.deepEqual(one.log, ["ready"]);
});

test("what was typed without a connection arrives once and whole", () => {
  const server = new FakeServer();
  const one = page(server).connect();
  one.type("before ");
  one.cut();
  one.type("during ");
  const saved = one.channel.isSaved;

  one.connect();
  one.type("after");

  assert.equal(saved, false);
  assert.equal(committed(server), "before during after");
  assert.equal(one.channel.isSaved, true);
});

test("what a server took in and never committed is sent again", () => {
  const server = new FakeServer();
  const one = page(server).connect();
  server.deaf = true;
  one.type("lost with the server");
  one.cut();
  server.deaf = false;

  one.connect();

  assert.equal(committed(server), "lost with the server");
  assert.equal(one.channel.isSaved, true);
});

test("an acknowledgement counts the messages of its own connection only", () => {
  const server = new FakeServer();
  const one = page(server).connect();
  one.type("1");
  one.cut();
  one.connect();
  server.deaf = true;

  one.type("2");

  assert.equal(one.channel.isSaved, false);
});

test("words kept from an earlier page are sent with the next connection", () => {
  const server = new FakeServer();
  const one = page(server).connect();
  one.type("saved, ");
  one.cut();
  one.type("unsaved");
  const kept = [{ text: "text1", update: one.channel.unsent }];

  const again = page(server, "Ani", { kept }).connect();

  assert.equal(committed(server), "saved, unsaved");
  assert.equal(again.words.toString(), "saved, unsaved");
  assert.equal(again.channel.isSaved, true);
});

test("words kept from another text are never mixed into this one", () => {
  const old = new FakeServer("old");
  const one = page(old).connect();
  one.cut();
  one.type("of the old text");
  const server = new FakeServer("new");

  const again = page(server, "Ani", { kept: [{ text: "old", update: one.channel.unsent }] }).connect();

  assert.deepEqual(again.log, ["stale: old", "ready"]);
  assert.equal(committed(server), "");
});

test("a text that was replaced while the line was lost ends the writing", () => {
  const one = page(new FakeServer("first")).connect();
  one.type("hello");
  one.cut();
  one.type(" unsaved");

  one.server = Object.assign(one.server, { text: "second" });
  one.connect();

  assert.deepEqual(one.log, ["ready", "ended: tabled"]);
  assert.equal(one.channel.isSaved, false);
});

test("after the end of a right nothing more is sent", () => {
  const server = new FakeServer();
  const one = page(server).connect();
  one.hear({ type: "closed", passage: "p1", why: "frozen" });

  one.type("too late");

  assert.deepEqual(one.log, ["ready", "ended: frozen"]);
  assert.equal(committed(server), "");
  assert.equal(one.channel.isSaved, false);
});

test("who may not write any more is told so on connecting", () => {
  const one = page(new FakeServer());
  one.isOpen = true;

  one.hear({ type: "opened", passage: "p1", text: "t", n: 1, mayWrite: false, name: "Ani", hue: 0, savedAt: null });

  assert.deepEqual(one.log, ["ended: access"]);
});

test("a busy server is asked again", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const server = new FakeServer();
  const one = page(server).connect();
  one.hear({ type: "refused", passage: "p1", code: 4503, why: "busy" });
  one.type("patience");
  const meanwhile = committed(server);

  context.mock.timers.tick(2000);

  assert.equal(meanwhile, "");
  assert.equal(committed(server), "patience");
});

test("an update larger than the server takes ends the writing, its words kept", () => {
  const server = new FakeServer();
  const one = page(server).connect();

  one.type("x".repeat(1_000_001));

  assert.deepEqual(one.log, ["ready", "ended: too-long"]);
  assert.equal(one.channel.isSaved, false);
});

test("a line that acknowledges nothing for ten seconds is renewed", () => {
  const server = new FakeServer();
  const one = page(server).connect();
  server.deaf = true;
  one.type("into the void");

  one.channel.renewIfStuck(Date.now() + 9_000);
  one.channel.renewIfStuck(Date.now() + 11_000);

  assert.deepEqual(one.log, ["ready", "renewed"]);
});

test("the others are known by the names that the server gave, until the line is lost", async () => {
  const server = new FakeServer();
  const [one] = [page(server).connect(), page(server, "Samir").connect()];
  await new Promise((done) => setTimeout(done, 150));
  const names = one.channel.others.map((user) => user.name);

  one.cut();

  assert.deepEqual(names, ["Samir"]);
  assert.deepEqual(one.channel.others, []);
});

test("five hundred random cuts lose nothing and double nothing", () => {
  const server = new FakeServer();
  const one = page(server).connect();
  let typed = "";
  for (let at = 0; at < 500; at++) {
    const word = `${at} `;
    one.type(word);
    typed += word;
    if (at % 3 === 0) one.cut();
    if (at % 7 === 0) server.deaf = !server.deaf;
    if (at % 5 === 0) one.isOpen || one.connect();
  }
  server.deaf = false;
  one.cut();
  one.connect();

  assert.equal(committed(server), typed);
});
