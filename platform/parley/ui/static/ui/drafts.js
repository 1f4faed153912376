// What somebody typed and has not sent is never lost: kept in this tab (on the device only on the person's word), offered back, cleared once sent.
const PREFIX = "parley:draft:";
const OWN_DEVICE = "parley:own-device";
const person = document.body.dataset.person;
const navigation = performance.getEntriesByType("navigation")[0]?.type;
let leaving = false;

const key = (form) => `${PREFIX}${person}:${form.dataset.draft}`;
const store = () => (localStorage.getItem(OWN_DEVICE) === person ? localStorage : sessionStorage);
const drafts = () => [...document.querySelectorAll("form[data-draft]")];

// ---------- Reading and writing a form ----------
function kept(field) {
  return field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type) && field.autocomplete !== "one-time-code";
}

function values(form) {
  return [...form.elements].filter(kept).map((field) => [field.name, field.value, field.checked ?? null]);
}

function initial(form) {
  return [...form.elements].filter(kept).map((field) => {
    if (field.tagName === "SELECT") return [field.name, [...field.options].find((option) => option.defaultSelected)?.value ?? field.options[0]?.value ?? "", null];
    return [field.name, field.type === "checkbox" || field.type === "radio" ? field.value : field.defaultValue, field.defaultChecked ?? null];
  });
}

function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

function read(form) {
  return JSON.parse(store().getItem(key(form)) ?? "null");
}

function keep(form) {
  if (same(values(form), initial(form))) return store().removeItem(key(form));
  store().setItem(key(form), JSON.stringify({ at: Date.now(), from: location.href.split("#")[0], values: values(form) }));
  for (const line of form.querySelectorAll("[data-saved]")) line.textContent = words("kept").replace("{time}", clock(Date.now()));
}

function putBack(form, draft) {
  const fields = [...form.elements].filter(kept);
  draft.values.forEach(([name, value, checked], at) => {
    const field = fields[at];
    if (field?.name !== name) return;
    if (field.type === "checkbox" || field.type === "radio") field.checked = checked;
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

// ---------- Words ----------
const template = document.querySelector("#draft-offer");
const words = (name) => template.dataset[name];

function clock(at) {
  return new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

// ---------- After sending: cleared where the next page is the answer, kept where it tells of a failure ----------
function settle() {
  for (const place of [sessionStorage, localStorage])
    for (const name of Object.keys(place).filter((name) => name.startsWith(PREFIX))) settleOne(place, name);
}

function settleOne(place, name) {
  const draft = JSON.parse(place.getItem(name));
  if (!draft.sent) return;
  const answered = navigation === "navigate" && document.referrer.split("#")[0] === draft.from && !document.querySelector("[data-failed], #errors");
  if (answered) return place.removeItem(name);
  delete draft.sent;
  place.setItem(name, JSON.stringify(draft));
}

function offer(form) {
  const draft = read(form);
  if (!draft || same(draft.values, values(form))) return;
  const notice = template.content.firstElementChild.cloneNode(true);
  notice.querySelector("time").textContent = clock(draft.at);
  notice.querySelector("[data-restore]").addEventListener("click", () => (putBack(form, draft), notice.remove()));
  notice.querySelector("[data-discard]").addEventListener("click", () => (store().removeItem(key(form)), notice.remove()));
  form.before(notice);
}

// ---------- "This is my own device" ----------
function moveTo(own) {
  const [from, to] = own ? [sessionStorage, localStorage] : [localStorage, sessionStorage];
  for (const name of Object.keys(from).filter((name) => name.startsWith(PREFIX))) {
    to.setItem(name, from.getItem(name));
    from.removeItem(name);
  }
  if (own) localStorage.setItem(OWN_DEVICE, person);
  else localStorage.removeItem(OWN_DEVICE);
}

function wake() {
  for (const box of document.querySelectorAll("[data-own-device]")) box.checked = store() === localStorage;
  for (const choice of document.querySelectorAll("[data-needs-drafts]")) choice.hidden = false;
  for (const form of drafts()) {
    if (form.dataset.woken) continue;
    form.dataset.woken = "yes";
    offer(form);
  }
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-own-device]")) moveTo(event.target.checked);
});
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.dataset.draft) keep(form);
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  const draft = form.dataset.draft && read(form);
  if (!draft) return;
  store().setItem(key(form), JSON.stringify({ ...draft, sent: true }));
  form.dataset.going = "yes";
});
document.addEventListener("htmx:after:request", (event) => {
  const form = event.detail.ctx.sourceElement.closest("form[data-draft]");
  if (form && event.detail.ctx.response?.raw?.ok) store().removeItem(key(form));
});
document.addEventListener("parley:leaving", () => (leaving = true));
document.addEventListener("parley:shown", wake);
addEventListener("pageshow", () => drafts().forEach((form) => delete form.dataset.going));
addEventListener("beforeunload", (event) => {
  if (leaving || drafts().some((form) => form.dataset.going)) return;
  if (drafts().some((form) => !same(values(form), initial(form)))) event.preventDefault();
});

if (person) {
  settle();
  wake();
}
