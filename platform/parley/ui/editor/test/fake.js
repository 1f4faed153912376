// A server small enough to read: one text, kept as updates, over lines that the test cuts as it likes.
import { applyUpdate, Doc, encodeStateAsUpdate, encodeStateVector } from "yjs";

import { Channel } from "../src/channel.js";
import { acknowledgement, frame, read } from "../src/frames.js";

export class FakeServer {
  constructor(text = "text1") {
    this.text = text;
    this.doc = new Doc();
    this.updates = 0; // that were committed
    this.lines = new Set();
    this.deaf = false; // takes updates in, commits none and acknowledges none
  }

  join(line) {
    this.lines.add(line);
    line.received = 0;
    line.hear({ type: "opened", passage: "p1", text: this.text, n: 7, mayWrite: true, name: line.name, hue: 1, savedAt: null });
  }

  take(line, data) {
    const { channel, kind, bytes } = read(data);
    if (kind === "ask") {
      line.deliver(frame(channel, "answer", encodeStateAsUpdate(this.doc, bytes)));
      line.deliver(frame(channel, "ask", encodeStateVector(this.doc)));
    } else if (kind === "awareness") this.others(line).forEach((other) => other.deliver(data));
    else if (!this.deaf) this.commit(line, channel, bytes);
  }

  commit(line, channel, update) {
    this.updates += 1;
    applyUpdate(this.doc, update);
    this.others(line).forEach((other) => other.deliver(frame(channel, "update", update)));
    line.deliver(acknowledgement(channel, ++line.received));
  }

  others(line) {
    return [...this.lines].filter((other) => other !== line);
  }
}

// A page with one open passage; `connect()` and `cut()` are its Wi-Fi.
export class Page {
  constructor(server, name, { kept = [] } = {}) {
    Object.assign(this, { server, name, log: [], isOpen: false });
    const said = (word) => (what) => this.log.push(what === undefined ? word : `${word}: ${what}`);
    const heard = { arriving() {}, changed() {}, ready: said("ready"), ended: said("ended"), problem: said("problem"), cut: said("cut"), taken() {}, stale: (one) => this.log.push(`stale: ${one.text}`) };
    const line = { tell: (message) => this.tell(message), send: (data) => this.isOpen && server.take(this, data), renew: () => this.log.push("renewed") };
    this.channel = new Channel({ named: { passage: "p1" }, line, kept, heard });
    this.words = this.channel.doc.getText("words");
  }

  tell(message) {
    if (message.type === "open" && this.isOpen) this.server.join(this);
    if (message.type === "close") this.server.lines.delete(this);
  }

  connect() {
    this.isOpen = true;
    this.channel.connected();
    return this;
  }

  cut() {
    this.isOpen = false;
    this.server.lines.delete(this);
    this.channel.lost();
  }

  hear(message) {
    this.channel.heard(message);
  }

  deliver(data) {
    if (this.isOpen) this.channel.received(data);
  }

  type(words) {
    this.words.insert(this.words.length, words);
  }

  close() {
    this.channel.leave();
  }
}
