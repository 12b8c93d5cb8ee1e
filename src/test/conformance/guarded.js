// An MCP server that wants tokens of npm's oidc-provider. Arguments: the ports of both, and the life of access tokens in
// seconds.
import { createServer } from "node:http";
import Provider from "oidc-provider";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { ListToolsRequestSchema, CallToolRequestSchema } from "@modelcontextprotocol/sdk/types.js";

const [issuerPort, serverPort, life] = process.argv.slice(2).map(Number);
const issuer = `http://127.0.0.1:${issuerPort}`;
const origin = `http://127.0.0.1:${serverPort}`;
const resource = `${origin}/mcp`;

const provider = new Provider(issuer, {
  clients: [],
  scopes: ["openid", "offline_access", "tools"],
  pkce: { required: () => true },
  features: {
    registration: { enabled: true },
    revocation: { enabled: true },
    devInteractions: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (context, indicator) => {
        if (indicator !== resource) throw new Error("unknown resource " + indicator);
        return { scope: "tools", accessTokenTTL: life, accessTokenFormat: "opaque", audience: resource };
      },
      useGrantedResource: () => true,
    },
  },
  ttl: { Interaction: 600, Grant: 86400, Session: 86400, RefreshToken: 86400 },
  rotateRefreshToken: true,
});
createServer(provider.callback()).listen(issuerPort, "127.0.0.1");

async function isGood(request) {
  const token = (request.headers.authorization ?? "").replace(/^Bearer /, "");
  const found = token && (await provider.AccessToken.find(token));
  return found && !found.isExpired && [found.aud].flat().includes(resource);
}

createServer(async (request, response) => {
  const path = new URL(request.url, origin).pathname;
  if (path === "/.well-known/oauth-protected-resource/mcp") {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ resource, authorization_servers: [issuer], scopes_supported: ["tools"] }));
    return;
  }
  if (path !== "/mcp" || !(await isGood(request))) {
    response.writeHead(path === "/mcp" ? 401 : 404, {
      "www-authenticate": `Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource/mcp"`,
    });
    response.end();
    return;
  }
  const server = new Server({ name: "guarded", version: "1" }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, async () => ({
    tools: [{ name: "who", description: "Says who is asked for.", inputSchema: { type: "object" } }],
  }));
  server.setRequestHandler(CallToolRequestSchema, async () => ({ content: [{ type: "text", text: "It is Ada." }] }));
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
  response.on("close", () => transport.close());
  await server.connect(transport);
  await transport.handleRequest(request, response);
}).listen(serverPort, "127.0.0.1", () => console.log("listening"));
