// One live text, of a passage or of a proposal, on the section's socket: what was typed arrives once and whole, however the line behaves.
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate, removeAwarenessStates } from "y-protocols/awareness";
import { applyUpdate, Doc, encodeStateAsUpdate, encodeStateVector, mergeUpdates } from "yjs";

import { frame, read } from "./frames.js";
import { VERSION } from "./schema.js";

const LARGEST = 1_000_000; // bytes of an update that the server takes
const BUSY = 4503;
const BUSY_WAIT = 2000;
const CARETS_EVERY = 100; // milliseconds
const STUCK_AFTER = 10_000; // without an acknowledgement: the line is dead and has not said so

export class Channel {
  // `named`: { passage: id } or { proposal: id }, as frames name it; `line`: { tell(message), send(bytes), renew() }, the page's socket; `kept`: what earlier pages left unsent,
  // [{ text, update }]; `heard`: { ready(), arriving(), changed(), ended(why), problem(words), cut(), taken(kept), stale(kept) }.
  constructor({ named, line, kept, heard }) {
    Object.assign(this, { named, line, kept, tellPage: heard });
    this.doc = new Doc();
    this.awareness = new Awareness(this.doc);
    this.waiting = []; // { update, number }: not acknowledged; `number` of its message on this connection, null while unsent
    this.number = null; // the channel's, on this connection
    this.text = null;
    this.savedAt = null;
    this.lostAt = null;
    this.acknowledgedAt = 0;
    this.isReady = this.isInStep = this.hasEnded = false;
    this.sent = 0;
    this.doc.on("update", (update, origin) => origin === this || this.#written(update));
    this.awareness.on("update", (changes, origin) => origin === this || this.#moved());
  }

  get isSaved() {
    return !this.waiting.length;
  }

  get unsent() {
    return this.isSaved ? null : mergeUpdates(this.waiting.map((one) => one.update));
  }

  get others() {
    const states = [...this.awareness.getStates()].filter(([client]) => client !== this.doc.clientID);
    return states.map(([, state]) => state.user).filter((user) => user?.name);
  }

  // From the socket.

  connected() {
    if (!this.hasEnded) this.line.tell({ type: "open", ...this.named, schema: VERSION });
  }

  lost() {
    this.#leaveConnection();
    this.lostAt ??= Date.now();
    this.tellPage.changed();
  }

  heard(message) {
    if (this.hasEnded) return;
    if (message.type === "opened") this.#opened(message);
    else if (message.type === "closed") this.end(message.why);
    else if (message.type === "refused") this.#refused(message);
    else if (message.type === "problem") this.tellPage.problem(message.words);
    else if (message.type === "cut") this.tellPage.cut();
  }

  received(data) {
    const message = read(data);
    if (this.hasEnded || message.channel !== this.number) return;
    if (message.kind === "acknowledged") this.#acknowledged(message.count);
    else if (message.kind === "awareness") applyAwarenessUpdate(this.awareness, message.bytes, this);
    else if (message.kind === "ask") this.#answer(message.bytes);
    else if (message.kind) this.#arrived(message);
  }

  // From the page.

  renewIfStuck(now = Date.now()) {
    if (this.waiting.some(({ number, sentAt }) => number !== null && now - sentAt > STUCK_AFTER)) this.line.renew();
  }

  end(why) {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.#leaveConnection();
    this.tellPage.ended(why);
  }

  leave() {
    if (!this.hasEnded) this.line.tell({ type: "close", ...this.named });
    this.hasEnded = true;
    this.#leaveConnection();
    this.awareness.destroy();
    this.doc.destroy();
  }

  #opened({ n, text, mayWrite, name, hue, savedAt }) {
    if (!mayWrite) return this.end("access");
    if (this.text && this.text !== text) return this.end(this.named.proposal ? "offered" : "tabled");
    Object.assign(this, { number: n, text, savedAt: savedAt && new Date(savedAt), lostAt: null, sent: 0 });
    this.#putBack();
    this.awareness.setLocalStateField("user", { name, hue });
    this.#send("ask", encodeStateVector(this.doc));
    this.tellPage.changed();
  }

  // Words of another text belong to nothing here: the page offers them for copying.
  #putBack() {
    for (const one of this.kept.splice(0)) {
      if (one.text !== this.text) this.tellPage.stale(one);
      else this.#take(one);
    }
  }

  #take(kept) {
    this.waiting.push({ update: kept.update, number: null });
    applyUpdate(this.doc, kept.update, this);
    this.tellPage.taken(kept);
  }

  #refused({ code, why }) {
    if (code !== BUSY) return this.end(why);
    this.lost();
    setTimeout(() => this.connected(), BUSY_WAIT);
  }

  // The server asks what it lacks. The answer carries all that waits, also what was sent on a lost connection.
  #answer(vector) {
    this.isInStep = true;
    this.#sendUpdate("answer", encodeStateAsUpdate(this.doc, vector), this.waiting);
    this.#sendCarets();
  }

  #arrived({ kind, bytes }) {
    this.tellPage.arriving();
    applyUpdate(this.doc, bytes, this);
    if (kind !== "answer" || this.isReady) return;
    this.isReady = true;
    this.tellPage.ready();
  }

  #acknowledged(count) {
    const before = this.waiting.length;
    this.waiting = this.waiting.filter(({ number }) => number === null || number > count);
    if (before && this.isSaved) {
      this.savedAt = new Date();
      this.acknowledgedAt = Date.now();
    }
    this.tellPage.changed();
  }

  #written(update) {
    const one = { update, number: null };
    this.waiting.push(one);
    if (this.isInStep) this.#sendUpdate("update", update, [one]);
    this.tellPage.changed();
  }

  #moved() {
    this.moving ??= setTimeout(() => {
      this.moving = null;
      this.#sendCarets();
    }, CARETS_EVERY);
  }

  #sendCarets() {
    if (this.isInStep) this.#send("awareness", encodeAwarenessUpdate(this.awareness, [this.doc.clientID]));
  }

  #sendUpdate(kind, update, carried) {
    if (update.length > LARGEST) return this.end("too-long");
    this.sent += 1;
    for (const one of carried) Object.assign(one, { number: this.sent, sentAt: Date.now() });
    this.#send(kind, update);
  }

  #send(kind, bytes) {
    this.line.send(frame(this.number, kind, bytes));
  }

  #leaveConnection() {
    clearTimeout(this.moving);
    this.moving = null;
    this.isInStep = false;
    this.number = null;
    for (const one of this.waiting) one.number = null;
    const others = [...this.awareness.getStates().keys()].filter((client) => client !== this.doc.clientID);
    removeAwarenessStates(this.awareness, others, this);
  }
}
