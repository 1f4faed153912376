// A text as plain words, for copying: in the plain form's own notation, so that it can be pasted there.
const START = { bulletList: () => "- ", orderedList: (at, list) => `${list.attrs.start + at}. `, options: (at) => `${String.fromCharCode(97 + at)}) ` };

export function plain(doc) {
  return blocks(doc).join("\n\n");
}

export function blocks(doc) {
  return doc.content.content.map((block) => block_(block));
}

// Paragraphs of `doc` that do not stand in `saved`: what somebody wrote since then, with the words around it.
export function changed(doc, saved) {
  const before = new Set(saved ? blocks(saved) : []);
  return blocks(doc)
    .filter((words) => words.trim() && !before.has(words))
    .join("\n\n");
}

function block_(block) {
  const start = START[block.type.name];
  return start ? entries(block, start) : inline(block);
}

function entries(list, start) {
  return list.content.content.map((item, at) => indented(blocks(item).join("\n"), start(at, list))).join("\n");
}

function indented(words, start) {
  return start + words.replaceAll("\n", `\n${" ".repeat(start.length)}`);
}

function inline(block) {
  return block.content.content.map(piece).join("");
}

function piece(node) {
  if (node.type.name === "footnote") return `^[${node.textContent}]`;
  return node.type.name === "hardBreak" ? "\n" : node.text;
}
