// Words that the server has not acknowledged, kept in this tab (on the device only on the person's word) until it has.
import { fromBase64, toBase64 } from "lib0/buffer";

const OWN_DEVICE = "parley:own-device";

export class Keeper {
  constructor(person, id) {
    this.prefix = `parley:live:${person}:${id}:`;
    this.key = this.prefix + crypto.randomUUID(); // two tabs on one device never overwrite each other
    this.store = localStorage.getItem(OWN_DEVICE) === person ? localStorage : sessionStorage;
  }

  // What earlier pages left: [{ key, text, update, words }]
  read() {
    const keys = Object.keys(this.store).filter((key) => key.startsWith(this.prefix) && key !== this.key);
    return keys.map((key) => {
      const one = JSON.parse(this.store.getItem(key));
      return { ...one, key, update: fromBase64(one.update) };
    });
  }

  write({ text, update, words }) {
    try {
      this.store.setItem(this.key, JSON.stringify({ text, words, update: toBase64(update), page: location.pathname }));
    } catch {
      // The tab's store is full: the words stay on the page, which asks before it is left.
    }
  }

  clear(key = this.key) {
    this.store.removeItem(key);
  }
}
