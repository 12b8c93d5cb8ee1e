// What an Extism host lends to a servlet. Bytes pass in blocks, whose lengths are in bytes of UTF-8
// and not in the UTF-16 units of a string; the block 0 is none.

@external("extism:host/env", "alloc") declare function alloc(length: u64): u64;
@external("extism:host/env", "free") declare function release(block: u64): void;
@external("extism:host/env", "length") declare function length(block: u64): u64;
@external("extism:host/env", "length_unsafe") declare function lengthUnsafe(block: u64): u64;
@external("extism:host/env", "load_u8") declare function loadU8(at: u64): u32;
@external("extism:host/env", "load_u64") declare function loadU64(at: u64): u64;
@external("extism:host/env", "store_u8") declare function storeU8(at: u64, value: u32): void;
@external("extism:host/env", "store_u64") declare function storeU64(at: u64, value: u64): void;
@external("extism:host/env", "input_offset") declare function inputOffset(): u64;
@external("extism:host/env", "output_set") declare function outputSet(at: u64, length: u64): void;
@external("extism:host/env", "error_set") declare function errorSet(block: u64): void;
@external("extism:host/env", "config_get") declare function configGet(key: u64): u64;
@external("extism:host/env", "var_get") declare function varGet(key: u64): u64;
@external("extism:host/env", "var_set") declare function varSet(key: u64, value: u64): void;
@external("extism:host/env", "http_request") declare function httpRequest(request: u64, body: u64): u64;
@external("extism:host/env", "http_status_code") declare function httpStatusCode(): i32;
@external("extism:host/env", "http_headers") declare function httpHeaders(): u64;
@external("extism:host/env", "get_log_level") declare function getLogLevel(): i32;
@external("extism:host/env", "log_trace") declare function logTrace(line: u64): void;
@external("extism:host/env", "log_debug") declare function logDebug(line: u64): void;
@external("extism:host/env", "log_info") declare function logInfo(line: u64): void;
@external("extism:host/env", "log_warn") declare function logWarn(line: u64): void;
@external("extism:host/env", "log_error") declare function logError(line: u64): void;
@external("wasi_snapshot_preview1", "fd_write")
declare function fdWrite(fd: u32, vectors: usize, count: u32, written: usize): u32;

/** What the servlet was called with. */
export function input(): string {
  return text(inputOffset(), lengthUnsafe(inputOffset()));
}

/** Answers the call, and is the code that an export returns with it. */
export function output(answer: string): i32 {
  const block = put(answer);
  outputSet(block, length(block));
  return 0;
}

/** Ends the call with a sentence for the model, and is the code that goes with it. */
export function fail(sentence: string): i32 {
  errorSet(put(sentence));
  return 1;
}

/** A setting of the installation, or null. */
export function config(key: string): string | null {
  return take(configGet(put(key)));
}

/** A variable of this call, or null. */
export function variable(key: string): string | null {
  return take(varGet(put(key)));
}

/** Keeps a variable, or forgets it. */
export function keep(key: string, value: string | null): void {
  varSet(put(key), value === null ? 0 : put(value));
}

/** The answer to an HTTP request. */
export class Answer {
  constructor(public status: i32, public headers: string, public body: string) {}
}

/** Makes an HTTP request, which is given as JSON. */
export function request(meta: string, body: string): Answer {
  const answer = take(httpRequest(put(meta), put(body)));
  const headers = take(httpHeaders());
  return new Answer(
    httpStatusCode(), headers === null ? "{}" : headers, answer === null ? "" : answer);
}

/** The number of the lowest level that is worth logging, from 0 for trace to 4. */
export function logLevel(): i32 {
  return getLogLevel();
}

/** Writes a line at a level from 0 for trace to 4 for error. */
export function log(level: i32, line: string): void {
  const block = put(line);
  if (level == 0) logTrace(block);
  else if (level == 1) logDebug(block);
  else if (level == 2) logInfo(block);
  else if (level == 3) logWarn(block);
  else logError(block);
}

/** Writes a line to the standard output, 1, or the standard error, 2. */
export function print(fd: u32, line: string): void {
  const bytes = String.UTF8.encode(line + "\n");
  const vector = new StaticArray<usize>(2);
  vector[0] = changetype<usize>(bytes);
  vector[1] = <usize>bytes.byteLength;
  fdWrite(fd, changetype<usize>(vector), 1, changetype<usize>(new StaticArray<u32>(1)));
}

function put(value: string): u64 {
  const bytes = String.UTF8.encode(value);
  const size = <usize>bytes.byteLength;
  const from = changetype<usize>(bytes);
  const block = alloc(size);
  let i: usize = 0;
  for (; i + 8 <= size; i += 8) storeU64(block + i, load<u64>(from + i));
  for (; i < size; i++) storeU8(block + i, load<u8>(from + i));
  return block;
}

function take(block: u64): string | null {
  if (block == 0) return null;
  const value = text(block, length(block));
  release(block);
  return value;
}

function text(block: u64, length: u64): string {
  const size = <usize>length;
  const bytes = new ArrayBuffer(<i32>size);
  const to = changetype<usize>(bytes);
  let i: usize = 0;
  for (; i + 8 <= size; i += 8) store<u64>(to + i, loadU64(block + i));
  for (; i < size; i++) store<u8>(to + i, <u8>loadU8(block + i));
  return String.UTF8.decode(bytes);
}
