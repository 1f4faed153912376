// The editor's schema: the nodes and marks of reports/text/schema.json, as they look on the page.
// What a text may hold stands in that file alone; here stands only how a node is drawn and what a paste may become.
import { Schema } from "prosemirror-model";

import spec from "../../../../../reports/text/schema.json" with { type: "json" };

export const VERSION = spec.version;

const drawn = {
  paragraph: { parseDOM: [{ tag: "p" }, ...[1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${level}` }))], toDOM: () => ["p", 0] },
  // No rule reads a heading: what is pasted into a text is never a recommendation's heading.
  heading: { toDOM: () => ["h3", { class: "live-heading" }, 0] },
  bulletList: { parseDOM: [{ tag: "ul" }], toDOM: () => ["ul", 0] },
  orderedList: {
    parseDOM: [{ tag: "ol", getAttrs: (list) => ({ start: list.start > 0 ? list.start : 1 }) }],
    toDOM: (list) => ["ol", list.attrs.start === 1 ? {} : { start: list.attrs.start }, 0],
  },
  listItem: { parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
  options: { parseDOM: [{ tag: "ol.options", priority: 60 }], toDOM: () => ["ol", { class: "options" }, 0] },
  option: { parseDOM: [{ tag: "ol.options > li", priority: 60 }], toDOM: () => ["li", 0] },
  footnote: { parseDOM: [{ tag: "span[data-footnote]" }], toDOM: () => ["span", { "data-footnote": "" }, 0] },
  hardBreak: { parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
};

const inked = {
  // No rule reads a bracket: pasted words stand in none.
  bracket: { toDOM: (mark) => ["span", { class: "bracket", "data-bracket": mark.attrs.id }, 0] },
  link: {
    parseDOM: [{ tag: "a[href]", getAttrs: (link) => (isTarget(link.getAttribute("href")) ? { href: link.getAttribute("href").trim() } : false) }],
    toDOM: (mark) => ["a", { href: mark.attrs.href, rel: "noopener noreferrer nofollow" }, 0],
  },
  bold: {
    parseDOM: [{ tag: "strong" }, { tag: "b" }],
    toDOM: () => ["strong", 0],
  },
  italic: { parseDOM: [{ tag: "em" }, { tag: "i" }], toDOM: () => ["em", 0] },
  // Comments are written by the server: a copied mark would claim a second place for a thread.
  comment: { toDOM: (mark) => ["span", { class: "commented", "data-comment": mark.attrs.id }, 0] },
};

// The server decides (reports.text.links); this spares a person words that it would refuse.
const TARGET = /^(https?:\/\/[^\s@<>"`{}|\\]+|mailto:[^\s@?&/:,;]+@[^\s@?&/:,;]+\.[^\s@?&/:,;]+)$/i;

export function isTarget(href) {
  return href.trim().length <= 2000 && TARGET.test(href.trim());
}

function dressed(things, looks) {
  return Object.fromEntries(Object.entries(things).map(([name, thing]) => [name, { ...thing, ...looks[name] }]));
}

export const schema = new Schema({ topNode: spec.topNode, nodes: dressed(spec.nodes, drawn), marks: dressed(spec.marks, inked) });
