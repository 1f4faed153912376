// The frame around a text that is written live: what the template of the page holds, found and filled.
import { isOffline, othersWords, statusWords } from "./status.js";

const PARTS = ["tools", "hint", "text", "fields", "status", "spoken", "others", "bracketed", "term", "problem", "pictures", "ended", "unsent", "link", "note", "done", "shut"];

const TOLD_FOR = 8000; // milliseconds

export class Panel {
  constructor(place, template) {
    place.replaceChildren(template.content.cloneNode(true));
    this.place = place;
    this.words = { ...template.dataset };
    for (const name of PARTS) this[name] = place.querySelector(`[data-part="${name}"]`);
    this.isRecommendation = place.dataset.voice === "recommendation";
    for (const only of place.querySelectorAll("[data-recommendation]")) only.hidden = !this.isRecommendation;
    this.bracketUrl = place.dataset.bracket ?? "";
    this.commentUrl = place.dataset.comment ?? "";
    this.tools.querySelector('[data-tool="bracket"]').hidden = !this.bracketUrl;
    this.tools.querySelector('[data-tool="comment"]').hidden = !this.commentUrl;
    if (place.dataset.shut) this.shut.textContent = place.dataset.shut;
    place.querySelector("[data-plain]").href = place.dataset.plain;
    this.text.style.setProperty("--notes-before", this.firstNote - 1);
    this.ownIds();
  }

  // Footnotes are numbered through the document.
  get firstNote() {
    return Number(this.place.dataset.firstFootnote ?? 1);
  }

  // Several editors may stand on one page.
  ownIds() {
    for (const one of this.place.querySelectorAll("[id]")) one.id = `${one.id}-${this.place.id}`;
    for (const name of ["for", "aria-labelledby", "aria-describedby"])
      for (const one of this.place.querySelectorAll(`[${name}]`)) one.setAttribute(name, `${one.getAttribute(name)}-${this.place.id}`);
  }

  tell(channel) {
    const words = statusWords(channel, this.words);
    say(this.status, words);
    say(this.others, othersWords(channel, this.words));
    this.speak(channel, words);
  }

  // Read out: that the connection is gone, and that all is saved when it is back; not each letter's "Saving…".
  speak(channel, words) {
    if (isOffline(channel)) this.wasOffline = true;
    else if (!this.wasOffline || !channel.isSaved) return;
    else this.wasOffline = false;
    say(this.spoken, words);
  }

  // Why nothing happened, for as long as it is read.
  tellBracketed() {
    say(this.bracketed, this.words.bracketed);
    clearTimeout(this.telling);
    this.telling = setTimeout(() => say(this.bracketed, ""), TOLD_FOR);
  }

  // Why the words at the caret are underlined.
  tellTerm(words) {
    say(this.term, words);
  }

  tellProblem(words) {
    say(this.problem, words);
  }

  // Texts are words: whoever pasted a picture hears that it was left out. True: there is nothing else to do with it.
  tellPictures(count) {
    say(this.pictures, count ? this.words.pictures : "");
    return true;
  }

  end(why) {
    for (const part of [this.tools, this.status, this.spoken, this.others, this.bracketed, this.term, this.problem, this.done]) part.hidden = true;
    const words = this.words[`ended${camel(why)}`] ?? this.words.endedAccess;
    say(this.ended, words);
    this.shut.hidden = false;
  }
}

// Words that are not saved: shown whole, to be copied, and to be thrown away where they can't be saved any more.
export function offer(notice, words, thrownAway) {
  notice.hidden = false;
  const field = notice.querySelector("textarea");
  field.value = field.defaultValue = words;
  notice.querySelector("[data-copy-unsent]").onclick = (event) => copy(field, event.target);
  const away = notice.querySelector("[data-throw-away]");
  away.hidden = !thrownAway;
  away.onclick = () => {
    notice.hidden = true;
    thrownAway();
  };
}

function say(part, words) {
  if (part.textContent !== words) part.textContent = words;
  part.hidden = !words && part.getAttribute("role") !== "status"; // a status that comes and goes is not read out
}

function camel(why) {
  return why.replace(/(^|-)([a-z])/g, (_found, _dash, letter) => letter.toUpperCase());
}

async function copy(field, button) {
  try {
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.copied;
  } catch {
    field.focus();
    field.select();
  }
}
