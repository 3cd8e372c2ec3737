// A stand-in for NHS login: oidc-provider set up as NHS login is. Everybody in it is made up.
//
// `node provider.mjs SETTINGS.json`, where the file holds
//   issuer, port, key (a private JWK), clients [{client_id, jwks, redirect_uris}],
//   people [{id, name, note, level, can_prove, claims: {...}}].
// It says "ready" on standard output once it listens, and ends with the program that started it.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { URLSearchParams } from 'node:url';
import Provider, { interactionPolicy } from 'oidc-provider';
import { agreePage, peoplePage, provePage, wordsPage } from './pages.mjs';

const settings = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const people = new Map(settings.people.map((person) => [person.id, { ...person }]));
const VTR_BY_DEFAULT = ['P9.Cp.Cd', 'P9.Cp.Ck', 'P9.Cm'];
const STEPS = 'Cp.Cd'; // everybody here has a password and a telephone that is known

const askedFor = (params) => (params.vtr ? JSON.parse(params.vtr) : VTR_BY_DEFAULT);
const levelOf = (vector) => vector.split('.')[0];
const vectorOf = (person) => `${person.level}.${STEPS}`;
const meets = (vector, params) => askedFor(params).includes(vector);
const lowest = (params) => askedFor(params).map(levelOf).sort()[0];

function isVtr(text) {
  try {
    const asked = JSON.parse(text);
    return Array.isArray(asked) && asked.length > 0 && asked.every((one) => /^P[059](\.C[pdmk])+$/.test(one));
  } catch {
    return false;
  }
}

// What NHS login tells, by scope; of somebody whom it does not know (P0) only what they typed.
const CLAIMS = {
  openid: ['sub', 'jti', 'vot', 'vtm', 'identity_proofing_level'],
  profile: ['nhs_number', 'family_name', 'birthdate', 'identity_proofing_level'],
  basic_demographics: ['family_name', 'birthdate', 'identity_proofing_level'],
  profile_extended: ['given_name'],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified', 'phone_number_pds_matched'],
  gp_registration_details: ['gp_ods_code'],
  gp_integration_credentials: ['gp_user_id', 'gp_linkage_key', 'gp_ods_code'],
  client_metadata: ['client_user_metadata'],
};
const OF_P0 = ['given_name', 'email', 'email_verified', 'phone_number', 'phone_number_verified'];
const OF_P9_ALONE = ['gp_user_id', 'gp_linkage_key'];

function claimsOf(person, vot) {
  const level = levelOf(vot);
  const may = ([name]) => (level === 'P0' ? OF_P0.includes(name) : level === 'P9' || !OF_P9_ALONE.includes(name));
  const told = Object.fromEntries(Object.entries(person.claims).filter(may));
  return { sub: person.id, jti: randomUUID(), vot, vtm: `${settings.issuer}/trustmark/auth`, identity_proofing_level: level, ...told };
}

async function findAccount(ctx, id, token) {
  const person = people.get(id);
  // The vector that the person was let in with travels with the code, and from it with the access token.
  const vot = token?.acr ?? token?.extra?.vot ?? ctx.oidc.session?.acr;
  return person && { accountId: id, claims: async () => claimsOf(person, vot ?? vectorOf(person)) };
}

const policy = interactionPolicy.base();
policy.get('login').checks.add(
  new interactionPolicy.Check('vtr_not_met', 'more has to be shown', ({ oidc }) =>
    oidc.session.acr && meets(oidc.session.acr, oidc.params)
      ? interactionPolicy.Check.NO_NEED_TO_PROMPT
      : interactionPolicy.Check.REQUEST_PROMPT,
  ),
);
policy.get('consent').checks.add(
  new interactionPolicy.Check('always_asked', 'NHS login asks each service once', ({ oidc }) =>
    oidc.session.grantIdFor(oidc.client.clientId) || oidc.result?.consent
      ? interactionPolicy.Check.NO_NEED_TO_PROMPT
      : interactionPolicy.Check.REQUEST_PROMPT,
  ),
);

const provider = new Provider(settings.issuer, {
  clients: settings.clients.map((client) => ({
    ...client,
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'RS512',
    id_token_signed_response_alg: 'RS512',
    response_types: ['code'],
    grant_types: ['authorization_code'],
  })),
  jwks: { keys: [settings.key] },
  clientAuthMethods: ['private_key_jwt'],
  responseTypes: ['code'],
  scopes: Object.keys(CLAIMS),
  claims: CLAIMS,
  findAccount,
  extraTokenClaims: (ctx) => ({ vot: ctx.oidc.entities.AuthorizationCode?.acr }),
  extraParams: {
    vtr: (ctx, text) => {
      if (text !== undefined && !isVtr(text)) ctx.throw(400, 'vtr is no list of vectors of trust');
    },
  },
  enabledJWA: {
    idTokenSigningAlgValues: ['RS512'],
    clientAuthSigningAlgValues: ['RS512'],
    requestObjectSigningAlgValues: ['RS512'],
    userinfoSigningAlgValues: ['RS512'],
  },
  interactions: { policy, url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
  cookies: { keys: [settings.key.d], names: { session: 'stand-in-session', interaction: 'stand-in-step', resume: 'stand-in-resume' } },
  ttl: { AuthorizationCode: 600, IdToken: 3600, AccessToken: 300, Interaction: 3600, Session: 3600, Grant: 3600 },
  pkce: { required: () => false },
  renderError: async (ctx, out) => {
    ctx.type = 'html';
    ctx.body = wordsPage('NHS login cannot go on', `${out.error}: ${out.error_description ?? ''}`);
  },
});

const answer = (response, html) => {
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(html);
};

async function typed(request) {
  let body = '';
  for await (const part of request) {
    body += part;
    if (body.length > 10_000) throw new Error('too much was sent');
  }
  return new URLSearchParams(body);
}

async function show(request, response, { prompt, params, session, uid }) {
  if (prompt.name === 'consent') return answer(response, agreePage(uid, params.scope.split(' ')));
  const here = session && prompt.reasons.includes('vtr_not_met') && !prompt.reasons.includes('login_prompt');
  if (here) return answer(response, provePage(uid, people.get(session.accountId), lowest(params)));
  return answer(response, peoplePage(uid, [...people.values()], lowest(params)));
}

async function press(request, response, { prompt, params, session, grantId }) {
  const form = await typed(request);
  const finish = (result, merge = false) =>
    provider.interactionFinished(request, response, result, { mergeWithLastSubmission: merge });
  const declined = { error: 'access_denied', error_description: 'ConsentNotGiven' };
  if (form.get('do') === 'refuse') return finish(declined);
  if (prompt.name === 'consent') return finish({ consent: { grantId: await grant(params, session, grantId, prompt) } }, true);
  const person = people.get(form.get('person') ?? session?.accountId);
  if (!person) return finish(declined);
  if (form.get('do') === 'prove' && person.can_prove) person.level = 'P9';
  if (!meets(vectorOf(person), params)) {
    // Somebody less well known than is asked for is asked to prove who they are, or turned away.
    const { uid } = await provider.interactionDetails(request, response);
    return person.can_prove ? answer(response, provePage(uid, person, lowest(params))) : finish(declined);
  }
  return finish({ login: { accountId: person.id, acr: vectorOf(person), remember: false } });
}

async function grant(params, session, grantId, prompt) {
  const given = grantId ? await provider.Grant.find(grantId) : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  given.addOIDCScope(params.scope);
  given.addOIDCClaims(prompt.details.missingOIDCClaims ?? []);
  return given.save();
}

const rest = provider.callback();
const server = createServer(async (request, response) => {
  try {
    if (!request.url.startsWith('/interaction/')) return rest(request, response);
    const details = await provider.interactionDetails(request, response);
    return await (request.method === 'POST' ? press : show)(request, response, details);
  } catch (error) {
    response.writeHead(400, { 'Content-Type': 'text/html; charset=utf-8' });
    return response.end(wordsPage('NHS login cannot go on', error.message));
  }
});
server.listen(settings.port, settings.host ?? '127.0.0.1', () => process.stdout.write('ready\n'));
