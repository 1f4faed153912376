// The others' carets: a line in their hue, and their name above it while they write. Nobody's words are covered.
import { yCursorPlugin } from "y-prosemirror";

const NAMED_FOR = 3000; // milliseconds after the last letter
const HUES = 6;

export function carets(awareness) {
  const lines = new Map();
  const timers = new Map();
  const name = (client) => {
    lines.get(client)?.classList.remove("resting");
    clearTimeout(timers.get(client));
    timers.set(client, setTimeout(() => lines.get(client)?.classList.add("resting"), NAMED_FOR));
  };
  awareness.on("change", ({ added, updated }) => [...added, ...updated].forEach(name));
  return yCursorPlugin(awareness, {
    cursorBuilder: (user, client) => {
      lines.set(client, caret(user));
      name(client);
      return lines.get(client);
    },
    selectionBuilder: (user) => ({ class: `selected-by hue-${hue(user)}` }),
  });
}

function hue(user) {
  return Number.isInteger(user.hue) ? Math.abs(user.hue) % HUES : 0;
}

// Drawn by the style sheet, so that no name mixes with the words; the line under the text says who else writes.
function caret(user) {
  const line = document.createElement("span");
  line.className = `caret hue-${hue(user)}`;
  line.dataset.name = user.name;
  line.setAttribute("aria-hidden", "true");
  return line;
}
