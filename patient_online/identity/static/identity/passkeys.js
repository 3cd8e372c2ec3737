// Asks the browser for a passkey when a form with `data-passkey` is sent, and sends what the browser answers.
// `create` makes a new one, `get` shows one; the options stand in the form, or are asked for at its address.

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (sign) => sign.charCodeAt(0))
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
const described = (keys) => (keys || []).map((key) => ({ ...key, id: toBytes(key.id) }))

async function optionsOf (form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options)
  const answer = await fetch(form.action, { headers: { Accept: 'application/json' } })
  if (!answer.ok) throw new Error('no options')
  return (await answer.json()).request_options
}

function readable (options) {
  const key = { ...options.publicKey, challenge: toBytes(options.publicKey.challenge) }
  if (key.user) key.user = { ...key.user, id: toBytes(key.user.id) }
  if (key.excludeCredentials) key.excludeCredentials = described(key.excludeCredentials)
  if (key.allowCredentials) key.allowCredentials = described(key.allowCredentials)
  return { publicKey: key }
}

function sendable (credential) {
  const response = { clientDataJSON: toText(credential.response.clientDataJSON) }
  for (const part of ['attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (credential.response[part]) response[part] = toText(credential.response[part])
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports()
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults()
  }
}

for (const form of document.querySelectorAll('form[data-passkey]')) {
  const failed = form.querySelector('[data-passkey-failed]')
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    failed.hidden = true
    try {
      const options = readable(await optionsOf(form))
      const credential = await navigator.credentials[form.dataset.passkey](options)
      form.elements.credential.value = JSON.stringify(sendable(credential))
      form.submit()
    } catch {
      failed.hidden = false
    }
  })
}
