// Random texts of the schema, each grown from one number: a failure is told by its number.
const WORDS = ["river ", "mountain", " road", "ə ğ ı", "Աա", "🙂", "é", " ", "a<b>&c", "х"];
const LINKS = ["https://example.org/a_(b)", "mailto:office@example.org"];

export class Rough {
  constructor(seed) {
    this.state = seed;
  }

  // mulberry32, a public-domain generator: the same numbers on every machine.
  chance() {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  number(least, most) {
    return least + Math.floor(this.chance() * (most - least + 1));
  }

  one(list) {
    return list[this.number(0, list.length - 1)];
  }

  many(make, least, most) {
    return Array.from({ length: this.number(least, most) }, make);
  }

  doc(schema) {
    this.schema = schema;
    const heading = this.many(() => this.heading(), 0, 1);
    return this.node("doc", null, [...heading, ...this.many(() => this.top(), 1, 5)]);
  }

  node(type, attrs, content) {
    return this.schema.node(type, attrs, content);
  }

  heading() {
    return this.node("heading", { addressee: this.one(WORDS), horizon: this.one(["", "2027"]) }, this.plain());
  }

  top() {
    return this.chance() < 0.2 ? this.entries("options", "option", 0) : this.block(0);
  }

  block(depth) {
    if (depth < 3 && this.chance() < 0.3) return this.entries(this.one(["bulletList", "orderedList"]), "listItem", depth);
    return this.paragraph();
  }

  paragraph() {
    return this.node("paragraph", null, this.many(() => this.inline(), 0, 6));
  }

  entries(type, entry, depth) {
    const attrs = type === "orderedList" ? { start: this.number(1, 9) } : null;
    const item = () => this.node(entry, null, [this.paragraph(), ...this.many(() => this.block(depth + 1), 0, 2)]);
    return this.node(type, attrs, this.many(item, 1, 3));
  }

  inline() {
    const kind = this.chance();
    if (kind < 0.1) return this.node("hardBreak");
    if (kind < 0.25) return this.node("footnote", null, this.many(() => this.text(), 0, 3));
    return this.text(this.chance() < 0.2 ? [this.schema.mark("bracket", { id: this.one(["k3m9x2abcdef", "7hq4w8ghjkmn"]) })] : []);
  }

  plain() {
    return this.many(() => this.schema.text(this.one(WORDS)), 0, 2);
  }

  text(more = []) {
    return this.schema.text(this.one(WORDS), more.reduce((set, mark) => mark.addToSet(set), this.marks()));
  }

  marks() {
    const { bold, italic, link, comment } = this.schema.marks;
    const found = [bold, italic].filter(() => this.chance() < 0.3).map((mark) => mark.create());
    if (this.chance() < 0.2) found.push(link.create({ href: this.one(LINKS) }));
    for (const id of this.many(() => this.one(["c1", "c2"]), 0, 2)) found.push(comment.create({ id }));
    return found.reduce((set, mark) => mark.addToSet(set), []);
  }
}
