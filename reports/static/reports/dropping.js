// A file may be dropped anywhere on the page; one that is too large is refused here, before it is sent.
const form = document.querySelector("form[data-largest]");
const field = form.querySelector("input[type=file]");
const told = document.createElement("p");
told.className = "error";
told.id = "id_file_dropped";
told.hidden = true;
told.setAttribute("role", "alert");
field.before(told);

function refusal(files) {
  if (files.length > 1) return form.dataset.one;
  return files[0] && files[0].size > Number(form.dataset.largest) ? form.dataset.tooLarge : "";
}

function look() {
  const words = refusal(field.files);
  told.textContent = words;
  told.hidden = !words;
  field.toggleAttribute("aria-invalid", Boolean(words));
  if (words) field.value = "";
}

const holdsFile = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
let over = 0;
function mark(change) {
  over = Math.max(0, over + change);
  form.classList.toggle("dropping", over > 0);
}

addEventListener("dragenter", (event) => holdsFile(event) && mark(1));
addEventListener("dragleave", (event) => holdsFile(event) && mark(-1));
addEventListener("dragover", (event) => holdsFile(event) && event.preventDefault());
addEventListener("drop", (event) => {
  if (!holdsFile(event)) return;
  event.preventDefault();
  over = 0;
  mark(0);
  field.files = event.dataTransfer.files;
  look();
  if (field.files.length) field.focus();
});
field.addEventListener("change", look);
