// The pages of the stand-in, plain on purpose: nobody should take them for NHS login's own.
const STYLE = `body{font:19px/1.5 Arial,sans-serif;max-width:40em;margin:0 auto;padding:16px;color:#212b32}
button{font:inherit;padding:12px 16px;margin:8px 8px 8px 0;background:#fff;border:2px solid #212b32;cursor:pointer}
button:focus-visible{outline:4px solid #ffeb3b;background:#ffeb3b}li{margin-bottom:16px;list-style:none}ul{padding:0}
.note{border:4px solid #212b32;padding:0 16px}`;

const safe = (text) =>
  String(text ?? '').replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const page = (title, body) => `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>${safe(title)}</title><style>${STYLE}</style></head>
<body><p class="note"><strong>A stand-in for NHS login: nobody real.</strong> It runs on this computer only.</p>
<main><h1>${safe(title)}</h1>${body}</main></body></html>`;

const form = (uid, fields, words) =>
  `<form method="post" action="/interaction/${safe(uid)}">${Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${safe(name)}" value="${safe(value)}">`)
    .join('')}<button>${safe(words)}</button></form>`;

const LEVELS = { P0: 'e-mail and telephone only', P5: 'details match, no photo shown', P9: 'photo shown' };

export const peoplePage = (uid, people, lowest) =>
  page(
    'Who are you today?',
    `<p>The service asks for ${safe(lowest)} or more.</p><ul>${people
      .map(
        (person) =>
          `<li>${form(uid, { person: person.id }, `Continue as ${person.name}`)}${safe(person.level)}: ${safe(LEVELS[person.level])}. ${safe(person.note)}</li>`,
      )
      .join('')}</ul>${form(uid, { do: 'refuse' }, 'Cancel')}`,
  );

export const provePage = (uid, person, lowest) =>
  page(
    `Prove that you are ${person?.name}`,
    `<p>The service asks for ${safe(lowest)}. You are known at ${safe(person?.level)}.</p>${
      person?.can_prove
        ? form(uid, { do: 'prove', person: person.id }, 'Show my passport and my face')
        : '<p>This made-up person has nothing to show.</p>'
    }${form(uid, { do: 'refuse' }, 'Not now')}`,
  );

const SHARED = {
  profile: 'NHS number, family name, date of birth',
  basic_demographics: 'family name, date of birth',
  profile_extended: 'first name',
  email: 'e-mail address',
  phone: 'telephone number',
  gp_registration_details: 'GP practice',
  gp_integration_credentials: 'GP online services account',
};

export const agreePage = (uid, scopes) =>
  page(
    'Agree to share your NHS login information',
    `<p>The service asks for:</p><ul>${scopes
      .filter((scope) => SHARED[scope])
      .map((scope) => `<li>${safe(SHARED[scope])}</li>`)
      .join('')}</ul>${form(uid, { do: 'agree' }, 'I agree to share my NHS login information')}${form(uid, { do: 'refuse' }, 'I do not agree')}`,
  );

export const wordsPage = (title, words) => page(title, `<p>${safe(words)}</p>`);
