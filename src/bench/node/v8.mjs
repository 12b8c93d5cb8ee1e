// The same modules in Node's WebAssembly: what V8 makes of them, with a host of the same functions.
// Arguments: a file of JSON, [{name, wasm, tool, arguments, page}]; prints JSON.
import { readFileSync } from "node:fs";
import { webcrypto } from "node:crypto";

class Exit extends Error {}

function host(module, input, page) {
  let memory = Buffer.alloc(1 << 20);
  let top = 16;
  const lengths = new Map();
  const alloc = (length) => {
    const size = Number(length);
    if (size === 0) return 0n;
    const start = top;
    top += (size + 15) & ~15;
    while (top > memory.length) memory = Buffer.concat([memory, Buffer.alloc(memory.length)]);
    lengths.set(start, size);
    return BigInt(start);
  };
  const put = (bytes) => {
    const at = alloc(bytes.length);
    bytes.copy(memory, Number(at));
    return at;
  };
  const at = put(input);
  const state = { output: 0n, length: 0n, instance: null };
  const env = {
    alloc,
    free() {},
    length: (block) => BigInt(lengths.get(Number(block)) ?? 0),
    load_u8: (from) => memory[Number(from)],
    load_u64: (from) => memory.readBigUInt64LE(Number(from)),
    store_u8: (to, value) => void (memory[Number(to)] = value),
    store_u64: (to, value) => void memory.writeBigUInt64LE(BigInt.asUintN(64, value), Number(to)),
    input_offset: () => at,
    input_length: () => BigInt(input.length),
    input_load_u8: (from) => memory[Number(at + from)],
    input_load_u64: (from) => memory.readBigUInt64LE(Number(at + from)),
    output_set: (block, length) => void ((state.output = block), (state.length = length)),
    error_set() {},
    config_get: () => 0n,
    var_get: () => 0n,
    var_set() {},
    http_request: () => put(page),
    http_status_code: () => 200,
    http_headers: () => put(Buffer.from('{"content-type":"text/html; charset=utf-8"}')),
    get_log_level: () => 2,
  };
  const view = () => new DataView(state.instance.exports.memory.buffer);
  const wasi = {
    args_sizes_get: (count, size) => (view().setUint32(count, 0), view().setUint32(size, 0), 0),
    clock_time_get: (id, precision, to) => (
      view().setBigUint64(to, process.hrtime.bigint(), true), 0
    ),
    random_get: (to, length) => (
      webcrypto.getRandomValues(
        new Uint8Array(state.instance.exports.memory.buffer, to, length)), 0
    ),
    proc_exit() {
      throw new Exit();
    },
  };
  wasi.environ_sizes_get = wasi.args_sizes_get;
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    const known = from === "extism:host/env" ? env : wasi;
    (imports[from] ??= {})[name] = known[name] ?? (from === "extism:host/env" ? () => {} : () => 8);
  }
  return { imports, state, output: () => memory.subarray(Number(state.output), Number(state.output + state.length)) };
}

// As the host of Errand: an instance of its own for each call.
function call(module, input, page) {
  const { imports, state, output } = host(module, input, page);
  state.instance = new WebAssembly.Instance(module, imports);
  state.instance.exports._initialize?.();
  state.instance.exports.call();
  return Buffer.from(output());
}

const results = {};
for (const one of JSON.parse(readFileSync(process.argv[2], "utf8"))) {
  const page = Buffer.from(one.page ?? "");
  const input = Buffer.from(
    JSON.stringify({ method: "tools/call", params: { name: one.tool, arguments: one.arguments } }));
  const bytes = readFileSync(one.wasm);
  const begin = performance.now();
  const module = new WebAssembly.Module(bytes);
  const compiled = performance.now();
  const text = JSON.parse(call(module, input, page).toString()).content[0].text;
  const first = performance.now();
  const until = first + 1000 * one.warmup;
  while (performance.now() < until) call(module, input, page);
  const times = [];
  const end = performance.now() + 1000 * one.seconds;
  while (performance.now() < end) {
    const start = performance.now();
    call(module, input, page);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  results[one.name] = {
    compile: compiled - begin, first: first - compiled, text: text.slice(0, 60), length: text.length,
    p50: times[times.length >> 1], p99: times[Math.floor(times.length * 0.99)],
  };
}
console.log(JSON.stringify(results));
