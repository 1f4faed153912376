// Words that somebody commented on stay drawn while others write: the words come anew, without what hangs on them for this
// reader, and each comment is found again by its own words and those beside them.
const CONTEXT = 40; // as quoting.js
// What stands between the words and is none of them, as there.
const NO_WORDS = ".footnotes, .footnote-call, .comment-call, .attribution, .bracket-sign, .unseen";

// The comments drawn in these words: [{ thread, call, words, before, after }], `call` the link to the comment.
export function marksIn(words) {
  const { pieces, text } = letters(words);
  return [...words.querySelectorAll(".comment-call")].flatMap((call) => {
    const thread = call.id.slice(2);
    const own = pieces.filter(({ node }) => node.parentElement.closest(`mark[data-thread="${thread}"]`));
    if (!own.length) return [];
    const [from, to] = [own[0].at, own.at(-1).at + own.at(-1).node.data.length];
    return { thread, call, words: text.slice(from, to), before: text.slice(Math.max(from - CONTEXT, 0), from), after: text.slice(to, to + CONTEXT) };
  });
}

// Those whose words are still there are drawn again; the others wait for the page to be shown anew.
export function markAgain(words, marks) {
  for (const mark of marks) {
    const { pieces, text } = letters(words);
    const from = find(text, mark);
    if (from !== null) draw(pieces, from, from + mark.words.length, mark);
  }
}

function letters(words) {
  const isOne = (node) => (node.parentElement.closest(NO_WORDS) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  const walker = document.createTreeWalker(words, NodeFilter.SHOW_TEXT, isOne);
  const pieces = [];
  let text = "";
  while (walker.nextNode()) {
    pieces.push({ node: walker.currentNode, at: text.length });
    text += walker.currentNode.data;
  }
  return { pieces, text };
}

// Of several places the one whose surroundings agree most.
function find(text, { words, before, after }) {
  let [best, most] = [null, -1];
  for (let at = text.indexOf(words); words && at >= 0; at = text.indexOf(words, at + 1)) {
    const company = alikeBefore(text, at, before) + alikeAfter(text, at + words.length, after);
    if (company > most) [best, most] = [at, company];
  }
  return best;
}

function alikeBefore(text, at, before) {
  let count = 0;
  while (count < before.length && count < at && text[at - 1 - count] === before[before.length - 1 - count]) count++;
  return count;
}

function alikeAfter(text, at, after) {
  let count = 0;
  while (count < after.length && at + count < text.length && text[at + count] === after[count]) count++;
  return count;
}

function draw(pieces, from, to, { thread, call }) {
  let last;
  for (const { node, at } of pieces) {
    const [start, end] = [Math.max(from - at, 0), Math.min(to - at, node.data.length)];
    if (start >= end) continue;
    const range = document.createRange();
    range.setStart(node, start);
    range.setEnd(node, end);
    last = Object.assign(document.createElement("mark"), { className: "commented" });
    last.dataset.thread = thread;
    range.surroundContents(last);
  }
  last.after(call);
}
