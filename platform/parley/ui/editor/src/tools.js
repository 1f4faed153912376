// The tools over a text: buttons with words, pressed where the caret stands in such words, one stop for the Tab key.
import { schema } from "./schema.js";
import { commands, listAround } from "./commands.js";
import { canBracket } from "./brackets.js";
import { askForLink, linkAt } from "./dialogs.js";

const { bold, italic, link } = schema.marks;

const pressed = {
  bold: (state) => hasMark(state, bold),
  italic: (state) => hasMark(state, italic),
  link: (state) => Boolean(linkAt(state, link).href),
  bullets: (state) => listAround(state)?.node.type.name === "bulletList",
  numbers: (state) => listAround(state)?.node.type.name === "orderedList",
  options: (state) => listAround(state)?.node.type.name === "options",
};

function hasMark(state, mark) {
  const { from, $from, to, empty } = state.selection;
  return empty ? Boolean(mark.isInSet(state.storedMarks ?? $from.marks())) : state.doc.rangeHasMark(from, to, mark);
}

export class Tools {
  constructor(bar, view, { linkDialog, notes, bracket, comment }) {
    Object.assign(this, { bar, view, linkDialog, notes, bracket, comment });
    this.buttons = [...bar.querySelectorAll("[data-tool]")].filter((button) => !button.hidden);
    this.buttons.forEach((button, at) => (button.tabIndex = at ? -1 : 0));
    bar.onclick = (event) => this.press(event.target.closest("[data-tool]"));
    bar.onkeydown = (event) => this.move(event);
    this.show();
  }

  run(name) {
    const { view } = this;
    if (name === "link") return askForLink(view, this.linkDialog), true;
    if (name === "footnote") return this.notes.add(view), true;
    if (name === "bracket") return this.bracket(view.state), true;
    if (name === "comment") return this.comment(), true;
    return commands[name](view.state, view.dispatch, view);
  }

  press(button) {
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    this.run(button.dataset.tool);
    if (button.dataset.tool in commands) this.view.focus();
  }

  can(name) {
    if (name === "link") return this.view.state.selection.$from.parent.type.allowsMarkType(link);
    if (name === "footnote") return this.view.state.selection.$from.parent.type === schema.nodes.paragraph;
    if (name === "bracket") return canBracket(this.view.state);
    if (name === "comment") return !this.view.state.selection.empty;
    return Boolean(commands[name](this.view.state));
  }

  show() {
    for (const button of this.buttons) {
      const name = button.dataset.tool;
      if (pressed[name]) button.setAttribute("aria-pressed", pressed[name](this.view.state));
      button.setAttribute("aria-disabled", !this.can(name));
    }
  }

  // Arrows, Home and End within the bar; Escape back to the text.
  move(event) {
    const at = this.buttons.indexOf(document.activeElement);
    const last = this.buttons.length - 1;
    const next = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at ? at - 1 : last, Home: 0, End: last }[event.key];
    if (event.key === "Escape") this.view.focus();
    else if (next === undefined) return;
    else this.stopAt(next);
    event.preventDefault();
    event.stopPropagation();
  }

  stopAt(next) {
    this.buttons.forEach((button, at) => (button.tabIndex = at === next ? 0 : -1));
    this.buttons[next].focus();
  }

  focus() {
    this.buttons.find((button) => button.tabIndex === 0).focus();
  }
}
