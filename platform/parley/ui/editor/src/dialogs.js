// Questions over the text: the address of a link. A dialog is the platform's own: Escape closes it, focus comes back.
import { isTarget } from "./schema.js";

// Opens the dialog; `answer(value)` hears the value of the button that closed it, "" for none.
export function ask(dialog, answer) {
  dialog.returnValue = "";
  dialog.addEventListener("close", () => answer(dialog.returnValue), { once: true });
  dialog.showModal();
}

// The link around the caret, or the selection.
export function linkAt(state, type) {
  const { $from, from, to, empty } = state.selection;
  const mark = type.isInSet($from.marks()) ?? type.isInSet($from.nodeAfter?.marks ?? []);
  if (!mark || !empty) return { from, to, href: mark?.attrs.href ?? "" };
  return { ...extent($from, mark), href: mark.attrs.href };
}

function extent($at, mark) {
  const inside = (index) => mark.isInSet($at.parent.child(index).marks);
  let first = $at.index();
  if (first === $at.parent.childCount || !inside(first)) first -= 1;
  let last = first;
  while (first > 0 && inside(first - 1)) first -= 1;
  while (last + 1 < $at.parent.childCount && inside(last + 1)) last += 1;
  const start = (index) => $at.start() + sizeBefore($at.parent, index);
  return { from: start(first), to: start(last + 1) };
}

function sizeBefore(parent, index) {
  return parent.content.content.slice(0, index).reduce((size, node) => size + node.nodeSize, 0);
}

// As people type addresses: without https, without mailto.
export function asTarget(typed) {
  const words = typed.trim();
  if (isTarget(words)) return words;
  const whole = words.includes("@") && !words.includes("/") ? `mailto:${words}` : `https://${words}`;
  return words.includes(".") && isTarget(whole) ? whole : null;
}

export function askForLink(view, dialog) {
  const type = view.state.schema.marks.link;
  const field = dialog.querySelector("input");
  field.value = linkAt(view.state, type).href;
  field.setCustomValidity("");
  dialog.querySelector("[value=remove]").hidden = !field.value;
  ask(dialog, (value) => {
    const place = linkAt(view.state, type); // the others may have moved it meanwhile
    if (value === "remove") view.dispatch(view.state.tr.removeMark(place.from, place.to, type));
    if (value === "keep") putLink(view, type, place, asTarget(field.value));
    view.focus();
  });
}

function putLink(view, type, { from, to }, href) {
  const { tr, schema: own } = view.state;
  const mark = type.create({ href });
  if (from === to) tr.insert(from, own.text(href, [mark]));
  else tr.removeMark(from, to, type).addMark(from, to, mark);
  view.dispatch(tr);
}

// The server refuses other targets; here the person hears of it while the words are still before them.
export function checkLinks(dialog) {
  const field = dialog.querySelector("input");
  field.addEventListener("input", () => field.setCustomValidity(""));
  dialog.querySelector("form").addEventListener("submit", (event) => {
    if (event.submitter?.value !== "keep" || asTarget(field.value)) return;
    event.preventDefault();
    field.setCustomValidity(field.dataset.refused);
    field.reportValidity();
  });
}
