// The script of plain pages (app/src/pages/served.rs): passkeys, and copying. Without it they say what there is instead.
'use strict';

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');

/** The options as the browser takes them: byte strings come as base64url. */
function read(options) {
  const asked = JSON.parse(options);
  asked.challenge = bytes(asked.challenge);
  if (asked.user) asked.user.id = bytes(asked.user.id);
  for (const known of [...(asked.excludeCredentials ?? []), ...(asked.allowCredentials ?? [])]) known.id = bytes(known.id);
  return asked;
}

/** The answer as the server reads it. */
function written({ id, rawId, type, response }) {
  const said = { clientDataJSON: text(response.clientDataJSON) };
  if (response.attestationObject) {
    said.attestationObject = text(response.attestationObject);
  } else {
    said.authenticatorData = text(response.authenticatorData);
    said.signature = text(response.signature);
    said.userHandle = response.userHandle ? text(response.userHandle) : null;
  }
  return JSON.stringify({ id, rawId: text(rawId), type, response: said, clientExtensionResults: {} });
}

/** Whether passkeys are bound to the address of this page; else its link leads to where they are. */
function isHere(place) {
  const origin = new URL(place.dataset.origin);
  if (origin.origin === location.origin) return true;
  // The machine itself, on whatever port.
  if (origin.hostname !== 'localhost') return false;
  if (location.hostname === 'localhost' && location.protocol === origin.protocol) return true;
  origin.port = location.port;
  const there = place.querySelector('[data-there]');
  there.firstElementChild.textContent = origin.origin;
  there.href = origin.origin + location.pathname + location.search;
  return false;
}

function passkey(place) {
  const form = place.querySelector('form');
  const show = (...parts) => {
    for (const part of place.querySelectorAll('[data-when]')) part.hidden = !parts.includes(part.dataset.when);
  };
  if (!isHere(place)) return show('elsewhere');
  if (!window.PublicKeyCredential) return show('unsupported');
  show('ready');
  form.querySelector('[autofocus]')?.focus();
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    // The server says what is missing.
    if (!form.checkValidity()) return form.submit();
    const button = form.querySelector('[type=submit]');
    button.disabled = true;
    try {
      const asked = { publicKey: read(place.dataset.options) };
      const create = place.dataset.passkey === 'create';
      const answer = await (create ? navigator.credentials.create(asked) : navigator.credentials.get(asked));
      form.elements.credential.value = written(answer);
      form.submit();
    } catch (error) {
      show('ready', error.name === 'InvalidStateError' ? 'known' : 'cancelled');
      button.disabled = false;
    }
  });
}

function copying(place) {
  // Not there on pages served without TLS from another machine.
  if (!navigator.clipboard) return;
  const said = place.querySelector('output');
  place.hidden = false;
  place.querySelector('button').addEventListener('click', async () => {
    const done = navigator.clipboard.writeText(place.dataset.copy);
    said.textContent = await done.then(
      () => said.dataset.copied,
      () => said.dataset.failed,
    );
  });
}

for (const place of document.querySelectorAll('[data-passkey]')) passkey(place);
for (const place of document.querySelectorAll('[data-copy]')) copying(place);
