// Lists, calls and polls as real clients do: those of the stateless revision and of the one before it, and the package of
// the extension for tasks.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createTaskSessionFromClient, resultFromTaskOutcome } from '@modelcontextprotocol/ext-tasks/client';
import { Client as OlderClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OlderTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const [, , url, token] = process.argv;
const requestInit = { headers: { Authorization: `Bearer ${token}` } };
const info = { name: 'a peer', version: '1.0' };

async function use(client, transport) {
  await client.connect(transport);
  const { tools } = await client.listTools();
  const progress = [];
  const called = await client.callTool({ name: 'run_peer', arguments: { name: 'Ada' } }, ...onProgress(client, progress));
  const { task, run } = called.structuredContent;
  const polled = await client.callTool({ name: 'get_run', arguments: { task, run } });
  const unknown = await client.callTool({ name: 'get_run', arguments: { task, run: 'none' } });
  await client.close();
  return {
    tools: tools.map((tool) => tool.name),
    called: called.content[0].text,
    polled: polled.content[0].text,
    unknown: unknown.isError,
    progress: progress.length,
  };
}

function onProgress(client, progress) {
  const options = { onprogress: (one) => progress.push(one) };
  return client instanceof OlderClient ? [undefined, options] : [options];
}

// The client's own requests know nothing of tasks.
let ids = 0;
async function send({ method, params }, { signal } = {}) {
  const answer = await fetch(url, {
    method: 'POST',
    signal,
    headers: {
      ...requestInit.headers,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Method': method,
      'Mcp-Name': params.name ?? params.taskId ?? '',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: `task-${++ids}`, method, params }),
  });
  const { result, error } = await answer.json();
  return error ? { kind: 'error', error } : { kind: 'result', result };
}

// The call is a task, whose state is asked for until it ends.
async function useTasks(client, transport) {
  await client.connect(transport);
  const session = createTaskSessionFromClient(client, {
    endpointId: 'errand',
    rawDispatch: send,
    v2RequestFraming: { protocolVersion: '2026-07-28', clientInfo: info, clientCapabilities: {} },
  });
  try {
    const execution = await session.callTool('run_peer', { name: 'Ada' });
    const { outcome } = await execution.settle();
    return { called: resultFromTaskOutcome(outcome).content[0].text, requests: ids };
  } finally {
    await session.close();
    await client.close();
  }
}

console.log(
  JSON.stringify({
    current: await use(
      new Client(info, { versionNegotiation: { mode: { pin: '2026-07-28' } } }),
      new StreamableHTTPClientTransport(new URL(url), { requestInit }),
    ),
    negotiated: await use(
      new Client(info, { versionNegotiation: { mode: 'auto' } }),
      new StreamableHTTPClientTransport(new URL(url), { requestInit }),
    ),
    tasks: await useTasks(
      new Client(info, { versionNegotiation: { mode: { pin: '2026-07-28' } } }),
      new StreamableHTTPClientTransport(new URL(url), { requestInit }),
    ),
    older: await use(new OlderClient(info), new OlderTransport(new URL(url), { requestInit })),
  }),
);
