// A servlet in AssemblyScript, with a tool for each thing that a host lends.
import { config, fail, input, keep, log, logLevel, output, print, request, variable } from "./host";
import { field, quoted } from "./json";

const tools = ["echo", "get", "vars", "logs", "fail", "crash", "work"];

export function describe(): i32 {
  const described = tools.map<string>(
    (name) => '{"name":' + quoted(name) + ',"description":"Probes its host."}');
  return output('{"tools":[' + described.join() + "]}");
}

export function call(): i32 {
  const json = input();
  const tool = field(json, "name");
  const text = field(json, "text");
  if (tool == "fail") return fail("no " + text + " today");
  if (tool == "crash") throw new Error("asked to crash: " + text);
  return output('{"content":[{"type":"text","text":' + quoted(run(tool, text, json)) + "}]}");
}

function run(tool: string, text: string, json: string): string {
  if (tool == "echo") return echo(text);
  if (tool == "get") return get(text, field(json, "url"));
  if (tool == "vars") return vars(text);
  if (tool == "logs") return logs(text);
  return work();
}

/** The text, its length in characters, a setting that is there and one that is not. */
function echo(text: string): string {
  const greeting = config("greeting");
  let characters = 0;
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xfc00) != 0xdc00) characters++;
  return (greeting === null ? "" : greeting) + " " + text + " " + characters.toString() + " "
    + (greeting !== null).toString() + " " + (config("other") !== null).toString();
}

function get(text: string, url: string): string {
  const answer = request(
    '{"method":"POST","url":' + quoted(url) + ',"headers":{"X-Probe":' + quoted(text) + "}}", text);
  return answer.status.toString() + " " + field(answer.headers, "x-answer") + " " + answer.body;
}

function vars(text: string): string {
  const before = variable("kept") !== null;
  keep("kept", text);
  const kept = variable("kept");
  keep("kept", null);
  return before.toString() + " " + (kept === null ? "" : kept) + " "
    + (variable("kept") !== null).toString();
}

function logs(text: string): string {
  for (let level = 0; level < 5; level++) log(level, text);
  print(1, "printed " + text);
  print(2, "complained " + text);
  return logLevel().toString();
}

/** Garbage that is collected, and random numbers, for which the runtime asks its host for a seed. */
function work(): string {
  let sum = 0;
  for (let i = 0; i < 3000; i++) sum += new Uint8Array(100_000).length / 100_000;
  const random = Math.random();
  return sum.toString() + " " + (random >= 0 && random < 1 && random != Math.random()).toString();
}
