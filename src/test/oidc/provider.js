// An OpenID provider for the tests: node provider.js PORT SERVICE, where SERVICE is the address of the service under
// test. What the tests change of it they post to /of-the-tests.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import Provider from 'oidc-provider';

const [port, service] = process.argv.slice(2);
const state = { groups: ['staff'], idTokenSeconds: 300 };

function key() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg: 'RS256' };
}

function client(id, redirect) {
  return {
    client_id: id,
    client_secret: `the-secret-of-${id}-in-tests`,
    redirect_uris: [redirect],
    post_logout_redirect_uris: [`${service}/sign-in`],
    backchannel_logout_uri: `${service}/sign-in/oidc/backchannel-logout`,
    backchannel_logout_session_required: true,
  };
}

const provider = new Provider(`http://localhost:${port}`, {
  clients: [
    client('errand', `${service}/sign-in/oidc`),
    // Its logout tokens go to the service, too, and are not for it.
    client('another', `http://localhost:${port}/nowhere`),
  ],
  jwks: { keys: [key()] },
  cookies: { keys: [randomUUID()] },
  pkce: { required: () => true },
  claims: { openid: ['sub'], profile: ['preferred_username', 'groups'], email: ['email', 'email_verified'] },
  conformIdTokenClaims: false,
  features: {
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    // Access tokens for the service's endpoints are JWTs; others are good for the provider itself.
    resourceIndicators: {
      enabled: true,
      defaultResource: () => undefined,
      getResourceServerInfo: () => ({ scope: 'read run write', accessTokenFormat: 'jwt', accessTokenTTL: 300 }),
    },
  },
  // The service is on the loopback, where a provider of the world does not send logout tokens.
  fetch: (url, options) => fetch(url, { ...options, dispatcher: undefined }),
  ttl: { Session: 3600, Grant: 3600, Interaction: 600, AccessToken: 300 },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      preferred_username: id,
      email: `${id}@example.com`,
      email_verified: true,
      groups: state.groups,
    }),
  }),
});

// A lifetime has to be positive there, but not the time when it ends.
const { issue } = provider.IdToken.prototype;
provider.IdToken.prototype.issue = function issueUntil(how) {
  const expiresAt = Math.floor(Date.now() / 1000) + state.idTokenSeconds;
  return issue.call(this, how.use === 'idtoken' ? { ...how, expiresAt } : how);
};

const logouts = [];
provider.on('backchannel.success', (_, to) => logouts.push(`${to.clientId} taken`));
provider.on('backchannel.error', (_, error, to) => logouts.push(`${to.clientId} refused: ${error.message}`));
const errors = [];
provider.on('server_error', (_, error) => {
  errors.push(String(error));
  console.error(error);
});

provider.use(async (ctx, next) => {
  if (ctx.path !== '/of-the-tests') {
    return next();
  }
  Object.assign(state, JSON.parse(ctx.query.set ?? '{}'));
  ctx.body = { logouts, errors };
});

provider.listen(Number(port), 'localhost', () => console.log('ready'));
