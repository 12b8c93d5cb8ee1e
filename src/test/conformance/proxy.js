// Stands between the conformance suite and the service: adds a credential, which the suite has none of, and calls the
// tools of the suite by the names that they have here. Everything else passes as it is.
import http from 'node:http';

const [, , target, token] = process.argv;
const { hostname, port } = new URL(target);
const names = { greet: 'test_greet', slow_compute: 'run_slow_compute', failing_job: 'run_failing_job' };

function renamed(body) {
  try {
    const message = JSON.parse(body);
    if (message.method === 'tools/call' && names[message.params?.name]) {
      message.params.name = names[message.params.name];
      return JSON.stringify(message);
    }
  } catch {
    // What is not JSON is for the service to judge.
  }
  return body;
}

const server = http.createServer(async (asked, answer) => {
  const parts = [];
  for await (const part of asked) {
    parts.push(part);
  }
  const body = renamed(Buffer.concat(parts).toString());
  const headers = { ...asked.headers, authorization: `Bearer ${token}` };
  if (parts.length) {
    headers['content-length'] = Buffer.byteLength(body);
  }
  delete headers['transfer-encoding'];
  const name = headers['mcp-name'];
  if (headers['mcp-method'] === 'tools/call' && names[name]) {
    headers['mcp-name'] = names[name];
  }
  const onward = http.request({ hostname, port, path: asked.url, method: asked.method, headers }, (answered) => {
    answer.writeHead(answered.statusCode, answered.headers);
    answered.pipe(answer);
  });
  onward.on('error', () => answer.destroy());
  answer.on('close', () => onward.destroy());
  onward.end(body);
});
server.listen(0, '127.0.0.1', () => console.log(`http://localhost:${server.address().port}`));
