// Asks each GET of the API's document whose parameters are known, and checks the answers by their schemas.
import Ajv from "ajv/dist/2020.js";
import formats from "ajv-formats";

const { ERRAND_SERVER, ERRAND_TOKEN } = process.env;
const known = { user: "~", profile: "default", task: "greet", run: "ada", number: 1, owner: "errand", name: "fetch", session: "current" };
const headers = { Authorization: `Bearer ${ERRAND_TOKEN}` };
const document = await (await fetch(`${ERRAND_SERVER}/q/openapi?format=JSON`)).json();
const ajv = new Ajv({ strict: false, allErrors: true });
formats(ajv);
for (const [name, range] of [["int64", Number.isInteger], ["binary", () => true]]) {
  ajv.addFormat(name, name === "int64" ? { type: "number", validate: range } : range);
}
ajv.addSchema(document, "errand");

const pointer = (...steps) => steps.map((step) => step.replaceAll("~", "~0").replaceAll("/", "~1")).map(encodeURIComponent).join("/");
let checked = 0;
for (const [path, { get }] of Object.entries(document.paths)) {
  const names = [...path.matchAll(/{(\w+)}/g)].map((match) => match[1]);
  if (!get || get.responses["200"]?.content?.["application/json"] === undefined || !names.every((name) => name in known)) {
    continue;
  }
  const address = path.replaceAll(/{(\w+)}/g, (_, name) => known[name]);
  const answer = await fetch(ERRAND_SERVER + address, { headers });
  const json = answer.headers.get("content-type")?.includes("json") ? await answer.json() : undefined;
  const response = get.responses[answer.status];
  if (response === undefined || answer.status >= 500) {
    throw new Error(`${path} answered ${answer.status}, which is not documented`);
  }
  if (answer.status === 200) {
    const validate = ajv.compile({ $ref: `errand#/${pointer("paths", path, "get", "responses", "200", "content", "application/json", "schema")}` });
    if (!validate(json)) {
      throw new Error(`${path}: ${JSON.stringify(validate.errors)}\n${JSON.stringify(json)}`);
    }
    checked++;
  }
}
console.log(`${checked} answers fit`);
