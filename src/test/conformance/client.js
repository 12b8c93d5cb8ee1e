// Uses a server as the service's clients do: installs it as tools, connects it where it wants a person's consent, and calls
// every tool once without a model. The conformance suite gives the address of its server. Each use is by a user of its own:
// the service keeps the clients that it registers for a user, and another scenario may have had the same random port.
const [, , service, admin, server] = process.argv;
const scenario = process.env.MCP_CONFORMANCE_SCENARIO ?? 'any';
const context = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? '{}');
const name = `peer-${scenario.replace(/[^a-z0-9]+/gi, '-')}-${process.pid}`.slice(-60).replace(/^-+/, '');
const installations = `${service}/api/profiles/~/default/installations`;
const installation = `${installations}/${name}`;
const user = `${service}/api/users/peer-${process.pid}`;
let session = admin;

async function api(method, url, body) {
  const headers = { Authorization: `Bearer ${session}`, 'Content-Type': 'application/json' };
  const answer = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  console.log(method, url, answer.status, text.slice(0, 2000));
  return { ok: answer.ok, body: text.startsWith('{') ? JSON.parse(text) : {} };
}

// The person's browser: the service's own pages want the session, and nobody else gets it.
// They confirm the site that the service's page names.
async function connect() {
  let url = `${installation}/connect`;
  let method = 'GET';
  for (let i = 0; i < 10; i++) {
    const own = new URL(url).origin === new URL(service).origin;
    const answer = await fetch(url, { method, redirect: 'manual', headers: own ? { Cookie: `sessionId=${session}` } : {} });
    console.log(method, url, answer.status);
    if (answer.status < 300 || answer.status > 399) {
      const text = await answer.text();
      console.log(text);
      const action = own && method === 'GET' && text.match(/ action="(connect\?site=[^"]*)"/);
      if (!action) {
        return answer.ok;
      }
      url = new URL(action[1].replaceAll('&amp;', '&'), url).href;
      method = 'POST';
      continue;
    }
    method = 'GET';
    url = new URL(answer.headers.get('location'), url).href;
  }
  return false;
}

function value(schema) {
  switch (schema?.type) {
    case 'number':
    case 'integer':
      return 3;
    case 'boolean':
      return true;
    case 'array':
      return [];
    case 'object':
      return {};
    default:
      return 'text';
  }
}

function calls(tools) {
  if (context.toolCalls) {
    return context.toolCalls;
  }
  return tools.map(({ name: tool, inputSchema: schema }) => ({
    name: tool,
    arguments:
      tool === 'json_schema_echo'
        ? { schema: tools[0].inputSchema }
        : Object.fromEntries((schema.required ?? []).map((key) => [key, value(schema.properties?.[key])])),
  }));
}

async function state() {
  return (await api('GET', installation)).body.mcp;
}

async function use() {
  const mcp = { url: server };
  if (scenario.startsWith('auth/')) {
    mcp.auth = 'oauth';
    if (context.client_id) {
      mcp.oauth = { client_id: context.client_id, client_secret: context.client_secret };
    }
  }
  const installed = await api('POST', installations, { name, mcp });
  if (!installed.ok) {
    return false;
  }
  if (mcp.auth && !(await connect())) {
    return false;
  }
  if (mcp.auth && (await state()).credential.state === 'failing' && !(await connect())) {
    return false;
  }
  const now = (await api('GET', installation)).body;
  let all = true;
  for (const call of calls(now.servlet?.meta?.schema?.tools ?? [])) {
    const called = await api('POST', `${installation}/tools/${encodeURIComponent(call.name)}`, call.arguments);
    all &&= called.ok;
    if (called.body.isError && mcp.auth && (await state()).oauth.lacked_scope) {
      all &&= await connect();
      await api('POST', `${installation}/tools/${encodeURIComponent(call.name)}`, call.arguments);
    }
  }
  return all;
}

async function asOwnUser(work) {
  await api('PUT', user, { role: 'member', kind: 'service' });
  const token = { name: 'peer', user: user.slice(user.lastIndexOf('/') + 1), scopes: ['read', 'run', 'write'] };
  session = (await api('POST', `${service}/api/tokens`, token)).body.token;
  try {
    return await work();
  } finally {
    session = admin;
    await api('DELETE', user);
  }
}

process.exitCode = (await asOwnUser(use)) ? 0 : 1;
