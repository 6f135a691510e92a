// Passkeys need the browser's own interface, so these forms alone are JavaScript's.

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const withBytes = (descriptor) => ({ ...descriptor, id: bytes(descriptor.id) });

// As WebAuthn writes it (RegistrationResponseJSON, AuthenticationResponseJSON).
function written(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (credential.response[name]) response[name] = text(credential.response[name]);
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return {
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  const isPage = answer.headers.get("Content-Type").startsWith("text/html");
  const told = isPage ? await answer.text() : await answer.json();
  if (!answer.ok) throw new Error(told.error);
  return told;
}

async function make(values) {
  const options = await post("/settings/security/passkeys/options", values);
  options.challenge = bytes(options.challenge);
  options.user.id = bytes(options.user.id);
  options.excludeCredentials = options.excludeCredentials.map(withBytes);
  const credential = await navigator.credentials.create({ publicKey: options });
  return post("/settings/security/passkeys", { ...values, credential: written(credential) });
}

async function use(values) {
  const options = await post("/auth/passkey/options", {});
  options.challenge = bytes(options.challenge);
  options.allowCredentials = options.allowCredentials.map(withBytes);
  const credential = await navigator.credentials.get({ publicKey: options });
  return post("/auth/passkey", { ...values, credential: written(credential) });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = !window.PublicKeyCredential;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const problem = form.querySelector(".problem");
    problem.hidden = true;
    const values = Object.fromEntries(new FormData(form));
    try {
      const told = await (form.dataset.passkey === "new" ? make(values) : use(values));
      if (told.location) location.assign(told.location);
      else show(told);
    } catch (error) {
      const isOurs = !(error instanceof DOMException) && error.message;
      problem.textContent = isOurs ? error.message : problem.dataset.failed;
      problem.hidden = false;
    }
  });
}

// The page of the recovery codes, which comes once: its main part takes the place of ours.
function show(page) {
  const main = new DOMParser().parseFromString(page, "text/html").querySelector("main");
  document.querySelector("main").replaceWith(main);
  main.focus();
}
