// On every page: small helps that forms and texts can do without, and the loading of the parts that this page asks for.
const part = document.querySelector("#parley").dataset;

// ---------- Parts, each loaded only where something on the page asks for it ----------
const wanted = {
  htmx: () => document.querySelector("[hx-get], [hx-post]"),
  drafts: () => document.querySelector("[data-draft]") || Object.keys(sessionStorage).some(isDraft) || Object.keys(localStorage).some(isDraft),
  order: () => document.querySelector(".order[data-order]"),
  quoting: () => document.querySelector("[data-quotable], [data-quote]"),
  updates: () => part.updates && !document.querySelector("[data-socket]"),
  together: () => part.updates && document.querySelector("[data-socket]"), // which brings the updates
};
const loaded = new Set();

function isDraft(key) {
  return key.startsWith("parley:draft:");
}

function load(name) {
  loaded.add(name);
  if (name !== "htmx") return import(part[name]);
  const script = document.createElement("script"); // htmx is no module
  script.src = part.htmx;
  return document.head.append(script);
}

function wake() {
  for (const name in wanted) if (!loaded.has(name) && part[name] && wanted[name]()) load(name);
  for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
  for (const text of document.querySelectorAll("[data-count]")) count(text);
}

// ---------- Forms: sent once ----------
const PATIENCE = 10000;

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (form.dataset.once === "no") return;
    if (Date.now() - (form.dataset.sending ?? 0) < PATIENCE) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else form.dataset.sending = Date.now();
  },
  { capture: true }, // before htmx hears of it
);

function released(form) {
  delete form.dataset.sending;
}

// Back from the next page, the form may be sent again.
addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sending]").forEach(released);
});

// A refusal is a whole page: the form goes again as an ordinary one (its idempotency key makes that harmless).
document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  const form = ctx.sourceElement.closest("form");
  if (!form) return;
  released(form);
  const status = ctx.response?.raw?.status ?? 0;
  if (status >= 400 && status !== 422) HTMLFormElement.prototype.submit.call(form);
});
document.addEventListener("htmx:error", (event) => {
  const form = event.detail.ctx?.sourceElement?.closest("form");
  if (form) released(form);
});
document.addEventListener("htmx:after:swap", () => wake());
document.addEventListener("parley:shown", () => wake());

// ---------- Words counted, against a limit where there is one ----------
function count(text) {
  const limit = Number(text.dataset.count);
  const words = (text.value.match(/\S+/gu) ?? []).length;
  let line = text.parentElement.querySelector(".count");
  if (!line) {
    line = document.createElement("p");
    line.className = "count";
    line.setAttribute("aria-live", "polite");
    text.after(line);
  }
  line.textContent = (limit ? part.counted : part.words).replace("{words}", words).replace("{limit}", limit);
}
document.addEventListener("input", (event) => {
  if (event.target.dataset?.count !== undefined) count(event.target);
});

// ---------- Copying a hash ----------
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.copied;
  } catch {
    getSelection().selectAllChildren(button.parentElement.querySelector(".hash-whole") ?? button);
  }
});

// ---------- Views: the side chosen in one pair is shown in all ----------
document.addEventListener("change", (event) => {
  if (!event.target.matches(".views-switch input")) return;
  for (const other of document.querySelectorAll(`.views-switch input[value="${event.target.value}"]`)) other.checked = true;
});

// ---------- The menu closes as menus do ----------
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = document.querySelector(".menu[open]");
  if (event.key !== "Escape" || !menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// ---------- No connection ----------
const offline = document.querySelector("#offline");
const online = () => offline && (offline.hidden = navigator.onLine);
addEventListener("online", online);
addEventListener("offline", online);

// ---------- Signing out, leaving quickly: nothing that was typed stays on the device ----------
function forget() {
  for (const store of [sessionStorage, localStorage])
    for (const key of Object.keys(store)) if (key.startsWith("parley:")) store.removeItem(key);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-clears-drafts]")) forget();
  if (!form.matches("[data-leave]")) return;
  event.preventDefault();
  document.dispatchEvent(new Event("parley:leaving"));
  forget();
  leave(form);
});

async function leave(form) {
  let next = "about:blank";
  document.documentElement.hidden = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    if (answer.ok) next = answer.url;
  } finally {
    location.replace(next); // the page left is no longer one step back
  }
}

document.querySelector("#errors")?.focus();
online();
wake();
