// The state of what was typed, in words of the page: saving, saved, no connection since.
const SAID_AFTER = 5000; // a short gap worries nobody
const TIMED_AFTER = 60000;
const CALM_AFTER = 800; // nor does the line change with every letter

function clock(at) {
  const today = at.toDateString() === new Date().toDateString();
  const day = today ? {} : { day: "numeric", month: "short" };
  return at.toLocaleString(document.documentElement.lang, { ...day, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

// `words`: the template's data attributes. "" while there is nothing to say.
export function statusWords(channel, words, now = Date.now()) {
  const { lostAt, savedAt } = channel;
  if (lostAt && now - lostAt >= TIMED_AFTER) return words.offlineSince.replace("{time}", clock(new Date(lostAt)));
  if (lostAt && now - lostAt >= SAID_AFTER) return words.offline;
  if (!channel.isSaved || now - channel.acknowledgedAt < CALM_AFTER) return words.saving;
  return savedAt ? words.saved.replace("{time}", clock(savedAt)) : "";
}

export function isOffline({ lostAt }, now = Date.now()) {
  return Boolean(lostAt) && now - lostAt >= SAID_AFTER;
}

export function othersWords(channel, words) {
  const names = [...new Set(channel.others.map((user) => user.name))];
  return names.length ? words.others.replace("{names}", names.join(", ")) : "";
}
