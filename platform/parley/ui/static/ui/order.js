// Ordering a list by drag or keyboard. The server's answer decides: a refusal puts the old order back and says so.
const spoken = document.querySelector("#spoken");
let lifted = null; // { item, list, before: the order when it was lifted }

const items = (list) => [...list.querySelectorAll(":scope > li")];
const nameOf = (item) => item.querySelector(".name").textContent.trim();

function say(words, item) {
  const list = item.parentElement;
  const place = items(list).indexOf(item) + 1;
  spoken.textContent = words.replace("{name}", nameOf(item)).replace("{place}", place).replace("{count}", items(list).length);
}

function lift(item) {
  lifted = { item, list: item.parentElement, before: items(item.parentElement) };
  item.classList.add("lifted");
  item.querySelector(".grip").setAttribute("aria-pressed", "true");
  say(lifted.list.dataset.moved, item);
}

function letGo() {
  lifted.item.classList.remove("lifted");
  lifted.item.querySelector(".grip").setAttribute("aria-pressed", "false");
  const done = lifted;
  lifted = null;
  return done;
}

function giveUp() {
  const { list, before, item } = letGo();
  list.append(...before);
  item.querySelector(".grip").focus();
  say(list.dataset.moved, item);
}

async function drop() {
  const { list, before, item } = letGo();
  if (items(list).every((other, at) => other === before[at])) return;
  const refused = () => (list.append(...before), (spoken.textContent = list.dataset.refused ?? ""), spoken.classList.remove("unseen"));
  try {
    const answer = await fetch(list.dataset.order, { method: "POST", body: order(list) });
    if (!answer.ok) refused();
    else say(list.dataset.moved, item);
  } catch {
    refused();
  }
}

function order(list) {
  const body = new FormData();
  body.append("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value); // that of any form
  for (const item of items(list)) if (item.dataset.id) body.append("order", item.dataset.id);
  return body;
}

// The neighbour moves, not the item: whoever holds it keeps focus and pointer.
function pass(item, neighbour, step) {
  if (step < 0) item.after(neighbour);
  else item.before(neighbour);
}

function moveBy(item, step) {
  const list = item.parentElement;
  const all = items(list);
  const at = all.indexOf(item) + step;
  if (at < 0 || at >= all.length) return;
  pass(item, all[at], step);
  say(list.dataset.moved, item);
}

document.addEventListener("keydown", (event) => {
  const grip = event.target.closest?.(".order .grip");
  if (!grip) return;
  const item = grip.closest("li");
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const press = event.key === " " || event.key === "Enter";
  if (!press && !(lifted && (step || event.key === "Escape"))) return;
  event.preventDefault();
  if (press) lifted ? drop() : lift(item);
  else if (step) moveBy(item, step);
  else giveUp();
});

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest(".order .grip");
  if (!grip || event.button) return;
  event.preventDefault();
  grip.focus();
  if (lifted) return;
  lift(grip.closest("li"));
  lifted.pointer = event.pointerId;
  grip.setPointerCapture(event.pointerId);
});
document.addEventListener("pointermove", (event) => {
  if (lifted?.pointer !== event.pointerId) return;
  const all = items(lifted.list);
  const at = all.indexOf(lifted.item);
  if (all[at - 1] && event.clientY < centre(all[at - 1])) pass(lifted.item, all[at - 1], -1);
  else if (all[at + 1] && event.clientY > centre(all[at + 1])) pass(lifted.item, all[at + 1], 1);
});
function centre(item) {
  const box = item.getBoundingClientRect();
  return box.top + box.height / 2;
}
document.addEventListener("pointerup", (event) => lifted?.pointer === event.pointerId && drop());
document.addEventListener("pointercancel", (event) => lifted?.pointer === event.pointerId && giveUp());
// A focus that walks away leaves nothing in the air.
document.addEventListener("focusout", (event) => {
  if (lifted && event.target.closest(".grip") && event.relatedTarget && !event.relatedTarget.closest(".order .lifted")) giveUp();
});

function wake() {
  for (const grip of document.querySelectorAll(".order .grip[hidden]")) grip.hidden = false;
}
document.addEventListener("parley:shown", wake);
document.addEventListener("htmx:after:swap", wake);
wake();
