// What a client in TypeScript can do besides the guide; it has to compile with --strict.
import createClient from "openapi-fetch";
import type { components, paths } from "./errand.js";

type Schemas = components["schemas"];

const { ERRAND_SERVER, ERRAND_TOKEN } = process.env;
const errand = createClient<paths>({ baseUrl: ERRAND_SERVER, headers: { Authorization: `Bearer ${ERRAND_TOKEN}` } });
const path = { user: "~", profile: "default", task: "greet" };

/** No field with a default is required, and a patch takes null. */
export const trigger: Schemas["TriggerRequest"] = { scheme: "github" };
export const schedule: Schemas["ScheduleRequest"] = { cron: "@daily", retry: ["PT5M"] };
export const patch: Schemas["SchedulePatch"] = { cron: null, every: "PT1H", retry: "never" };
export const profile: Schemas["ProfilePatch"] = { description: null, mcp: { manage: true } };
// @ts-expect-error no field of it
export const wrong: Schemas["TaskPatch"] = { settings: { max_step: 5 } };

/** `msg` and the field of its kind tell an entry. */
function told(entry: Schemas["Entry"]): string {
  if (entry.msg === "final message" && "lastMessage" in entry) {
    return `final ${entry.lastMessage.content}`;
  }
  if (entry.msg === "call tool request" && "params" in entry) {
    return `call ${entry.params.name}`;
  }
  if (entry.msg === "message" && "exchange" in entry) {
    return `message ${entry.exchange.role}`;
  }
  return entry.msg;
}

const { data: run, error } = await errand.GET("/api/profiles/{user}/{profile}/tasks/{task}/runs/{run}", {
  params: { path: { ...path, run: "ada" }, query: { wait: 60 } } });
if (!run) {
  throw new Error(error.detail);
}
console.log((run.results ?? []).map(told).join(", "));
const { data: failed } = await errand.PUT("/api/profiles/{user}/{profile}/tasks/{task}/runs/{run}", {
  params: { path: { ...path, run: "failed" }, query: { wait: 60 } }, body: { parameters: { name: "nobody" } } });
const code: Schemas["RunFailure"] | undefined = failed?.error?.code === "model_refused" ? "model_refused" : undefined;
console.log(`failed as ${code}`);
const { data: runs } = await errand.GET("/api/profiles/{user}/{profile}/tasks/{task}/runs", { params: { path, query: { status: "ready" } } });
console.log(`${(runs ?? []).length} runs`);
const missing = await errand.GET("/api/profiles/{user}/{profile}/tasks/{task}", { params: { path: { ...path, task: "nope" } } });
console.log(missing.error?.code);
