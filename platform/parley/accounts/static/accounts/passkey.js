// Passkeys, wherever a page asks for one: [data-passkey="get" | "create"] holds a hidden "credential" field and a button.
// The challenge lies on the page (data-options: the id of its JSON) or is asked for when the button is pressed (data-ask).

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

async function options(place, form) {
  const { options: id, ask, purpose, sha256 } = place.dataset;
  if (id) return unpacked(JSON.parse(document.getElementById(id).textContent));
  const question = { headers: { Accept: "application/json" } };
  if (purpose) {
    question.method = "POST";
    question.body = new URLSearchParams({ purpose, sha256, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
  }
  const answer = await fetch(ask, question);
  if (!answer.ok) throw new Error(`No challenge: ${answer.status}`);
  return unpacked(await answer.json());
}

function unpacked(given) {
  const data = typeof given === "string" ? JSON.parse(given) : given;
  const { publicKey } = data.request_options ?? data.creation_options ?? data;
  const credentials = (list) => list?.map((known) => ({ ...known, id: bytes(known.id) }));
  return {
    ...publicKey,
    challenge: bytes(publicKey.challenge),
    ...(publicKey.user && { user: { ...publicKey.user, id: bytes(publicKey.user.id) } }),
    ...(publicKey.allowCredentials && { allowCredentials: credentials(publicKey.allowCredentials) }),
    ...(publicKey.excludeCredentials && { excludeCredentials: credentials(publicKey.excludeCredentials) }),
  };
}

function packed(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (credential.response[part]) response[part] = text(credential.response[part]);
  const { id, type } = credential;
  return JSON.stringify({ id, rawId: text(credential.rawId), type, response, clientExtensionResults: {} });
}

async function use(place, form) {
  const trouble = place.querySelector("[data-passkey-trouble]");
  trouble.hidden = true;
  try {
    const publicKey = await options(place, form);
    const credential = await navigator.credentials[place.dataset.passkey]({ publicKey });
    place.querySelector('[name$="credential"]').value = packed(credential);
    send(place, form);
  } catch {
    trouble.hidden = false;
  }
}

// A form with one thing to do is sent; where there are several, the person presses the one they mean.
function send(place, form) {
  const done = place.querySelector("[data-passkey-done]");
  const ways = form.querySelectorAll('button[type="submit"], button:not([type])');
  if (ways.length < 2) return form.requestSubmit(ways[0]);
  done.hidden = false;
  place.querySelector("[data-passkey-button]").hidden = true;
}

if (window.PublicKeyCredential)
  for (const place of document.querySelectorAll("[data-passkey]")) {
    const button = place.querySelector("[data-passkey-button]") ?? place.querySelector('button[type="button"]');
    place.hidden = button.hidden = false;
    button.addEventListener("click", () => use(place, place.closest("form")));
  }
