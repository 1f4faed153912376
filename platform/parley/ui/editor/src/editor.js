// The live editor of one passage or proposal: the page's template, the channel and ProseMirror put together.
import { EditorState } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { initProseMirrorDoc, ySyncPlugin, yUndoPlugin, yUndoPluginKey } from "y-prosemirror";

import { protectsBrackets } from "./brackets.js";
import { carets } from "./carets.js";
import { Channel } from "./channel.js";
import { textKeymaps, typingRules } from "./commands.js";
import { checkLinks } from "./dialogs.js";
import { Fields, keepsHeading } from "./fields.js";
import { commentOn, drawComments, hanging, keepQuote } from "./hanging.js";
import { Keeper } from "./keeping.js";
import { Notes, NoteView } from "./notes.js";
import { offer, Panel } from "./panel.js";
import { cleaned, isPicture, possible } from "./pasting.js";
import { asRead } from "./reading.js";
import { schema } from "./schema.js";
import { keepingSelection, readSelection, readsSelection } from "./selecting.js";
import { drawTerms, reasonAt, underlinesTerms } from "./terms.js";
import { Tools } from "./tools.js";
import { changed } from "./words.js";

export { offer };

const KEPT_EVERY = 300; // milliseconds
const TOLD_EVERY = 1000;
const FORGOTTEN_FOR = 10000; // a page that is being left writes nothing back

export class LiveEditor {
  // `named`: see Channel; `id`: under which unsent words are kept; `place`: the element that takes the editor; `template`: its parts and words; `line`: see Channel;
  // `closed(read)` hears when it is left, with the text as the page reads it, or null where none was opened.
  constructor({ named, id, place, template, line, person, closed }) {
    this.closed = closed;
    this.taken = [];
    this.panel = new Panel(place, template);
    this.keeper = new Keeper(person, id);
    this.channel = new Channel({ named, line, kept: this.keeper.read(), heard: this.hears() });
    this.notes = new Notes(this.panel.note, this.panel.link);
    checkLinks(this.panel.link);
    this.panel.done.addEventListener("click", () => this.finish());
    this.panel.shut.addEventListener("click", () => this.close());
    this.ticking = setInterval(() => this.tick(), TOLD_EVERY);
  }

  // Whether there is a text to go on writing in.
  focus() {
    if (this.channel.hasEnded) return false;
    this.view?.focus();
    return true;
  }

  get hasUnsaved() {
    return !this.channel.isSaved;
  }

  hears() {
    return {
      ready: () => this.open(),
      arriving: () => this.view && readSelection(this.view),
      changed: () => this.changed(),
      ended: (why) => this.end(why),
      problem: (words) => this.panel.tellProblem(words),
      cut: () => this.wasCut(),
      taken: (kept) => this.take(kept),
      stale: (kept) => offer(this.panel.unsent, kept.words, () => this.keeper.clear(kept.key)),
    };
  }

  // ---------- The text ----------
  open() {
    const root = this.channel.doc.getXmlFragment("default");
    const { doc, mapping } = initProseMirrorDoc(root, schema);
    this.view = new EditorView({ mount: this.panel.text }, {
      state: EditorState.create({ doc, plugins: this.plugins(root, mapping) }),
      attributes: this.attributes(),
      nodeViews: { footnote: (node, view, getPos) => new NoteView(node, view, getPos, this.notes) },
      transformPastedHTML: (html) => this.cleaned(html),
      handlePaste: (view, event) => isPicture(event.clipboardData) && this.panel.tellPictures(1),
      transformPastedText: possible,
      editable: () => !this.channel.hasEnded,
      dispatchTransaction: (change) => this.apply(change),
    });
    this.fields = new Fields(this.panel.fields.querySelectorAll("[data-field]"), this.view);
    const acts = { comment: () => this.comment(), bracket: (state) => this.bracket(state) };
    this.tools = new Tools(this.panel.tools, this.view, { linkDialog: this.panel.link, notes: this.notes, ...acts });
    this.followHistory();
    this.view.focus();
    this.drawComments();
    this.drawTerms();
    this.changed();
  }

  cleaned(html) {
    this.panel.tellPictures(0);
    return cleaned(html, (count) => this.panel.tellPictures(count));
  }

  // The history learns of a change after the text does.
  followHistory() {
    const { undoManager } = yUndoPluginKey.getState(this.view.state);
    for (const event of ["stack-item-added", "stack-item-popped", "stack-cleared"]) undoManager.on(event, () => this.tools.show());
  }

  plugins(root, mapping) {
    const text = [readsSelection(), ySyncPlugin(root, { mapping }), carets(this.channel.awareness), yUndoPlugin(), typingRules(), hanging(), underlinesTerms()];
    text.push(protectsBrackets(() => this.panel.tellBracketed()));
    return [...text, ...textKeymaps(this.keys()), ...(this.panel.isRecommendation ? [keepsHeading()] : [])];
  }

  keys() {
    const tool = (name) => () => this.tools.can(name) && this.tools.run(name);
    return { "Mod-k": tool("link"), "Mod-Alt-f": tool("footnote"), "Mod-Alt-m": tool("comment"), "Alt-F10": () => (this.tools.focus(), true) };
  }

  attributes() {
    const { place, hint } = this.panel;
    return { role: "textbox", "aria-multiline": "true", "aria-label": place.dataset.name, "aria-describedby": hint.id };
  }

  // y-prosemirror tells of carets a moment later, when the editor may have been left.
  apply(change) {
    if (this.view.isDestroyed) return;
    const kept = keepingSelection(this.view, change);
    this.view.updateState(this.view.state.apply(kept));
    this.tools?.show();
    this.fields?.show();
    this.panel.tellTerm(reasonAt(this.view.state));
  }

  // ---------- Comments on the words ----------
  comment() {
    if (this.panel.commentUrl) commentOn(this.view, this.panel.commentUrl);
  }

  // Anew when the page hears of a change, and when a revision was cut.
  drawComments() {
    const { commented } = this.panel.place.dataset;
    if (this.view && commented) drawComments(this.view, commented);
  }

  // Agreed ones alone, as they are when the editor opens.
  drawTerms() {
    const { glossary } = this.panel.place.dataset;
    if (glossary) drawTerms(this.view, glossary);
  }

  wasCut() {
    this.panel.tellProblem("");
    this.drawComments();
  }

  // ---------- What is saved, what is not ----------
  changed() {
    this.tell();
    if (this.hasUnsaved) this.keeping ??= setTimeout(() => this.keep(), KEPT_EVERY);
    else this.saved();
  }

  saved() {
    clearTimeout(this.keeping);
    this.keeping = null;
    this.keeper.clear();
    this.savedText = this.view?.state.doc;
    if (this.isOffering) this.panel.unsent.hidden = true;
    this.isOffering = false;
    if (this.isFinishing) this.close();
    if (this.leadsTo) location.assign(this.leadsTo);
  }

  // To the page where the selected words are put into a bracket, once all that is typed is saved.
  bracket(state) {
    if (!keepQuote(state, this.panel.bracketUrl)) return;
    this.leadsTo = this.panel.bracketUrl;
    if (this.hasUnsaved) this.tell();
    else this.saved();
  }

  keep() {
    clearTimeout(this.keeping);
    this.keeping = null;
    const { unsent, text } = this.channel;
    const isForgotten = Date.now() - (this.forgottenAt ?? 0) < FORGOTTEN_FOR;
    if (unsent && !isForgotten) this.keeper.write({ text, update: unsent, words: this.unsavedWords() });
  }

  forget() {
    this.forgottenAt = Date.now();
    this.keeper.clear();
  }

  unsavedWords() {
    if (this.view) return this.hasUnsaved ? changed(this.view.state.doc, this.savedText) : "";
    return [...this.taken, ...this.channel.kept].map((one) => one.words).join("\n\n");
  }

  // What an earlier page left is this page's now.
  take(kept) {
    this.taken.push(kept);
    this.keep();
    this.keeper.clear(kept.key);
  }

  // Before a person signs out; saved after all, they need no copy.
  offerUnsaved() {
    this.isOffering = true;
    offer(this.panel.unsent, this.unsavedWords());
  }

  throwAway() {
    for (const { key } of [...this.channel.kept.splice(0), this.keeper]) this.keeper.clear(key);
    this.channel.waiting = [];
  }

  tick() {
    this.channel.renewIfStuck();
    this.tell();
  }

  tell() {
    if (!this.channel.hasEnded) this.panel.tell(this.channel);
  }

  // ---------- The end ----------
  end(why) {
    clearInterval(this.ticking);
    this.keep();
    this.view?.setProps({ editable: () => false });
    this.fields?.end();
    this.panel.end(why);
    if (this.unsavedWords()) offer(this.panel.unsent, this.unsavedWords(), () => this.throwAway());
  }

  // The person's "Done": what is not acknowledged is waited for.
  finish() {
    this.isFinishing = true;
    if (this.hasUnsaved) this.tell();
    else this.close();
  }

  close() {
    clearInterval(this.ticking);
    const isWhole = this.view && !this.channel.hasEnded;
    const read = isWhole ? asRead(this.view.state.doc, this.panel.words, this.panel.firstNote) : null;
    this.channel.leave();
    this.view?.destroy();
    this.panel.place.replaceChildren();
    this.closed(read);
  }
}
