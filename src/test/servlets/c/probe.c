// A servlet in C, with a tool for each thing that a host lends. With -DTINYGO_COMMAND or
// -DTINYGO_REACTOR it has the exports of TinyGo's modules: a _start, which no host calls, or an
// _initialize that sets up the runtime, beside the allocator's functions.
#include <sched.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ENV(name) __attribute__((import_module("extism:host/env"), import_name(#name)))
ENV(alloc) uint64_t env_alloc(uint64_t);
ENV(free) void env_free(uint64_t);
ENV(length) uint64_t env_length(uint64_t);
ENV(length_unsafe) uint64_t env_length_unsafe(uint64_t);
ENV(load_u8) uint32_t env_load_u8(uint64_t);
ENV(load_u64) uint64_t env_load_u64(uint64_t);
ENV(store_u8) void env_store_u8(uint64_t, uint32_t);
ENV(store_u64) void env_store_u64(uint64_t, uint64_t);
ENV(input_offset) uint64_t env_input_offset(void);
ENV(input_length) uint64_t env_input_length(void);
ENV(input_load_u8) uint32_t env_input_load_u8(uint64_t);
ENV(input_load_u64) uint64_t env_input_load_u64(uint64_t);
ENV(output_set) void env_output_set(uint64_t, uint64_t);
ENV(output_offset) uint64_t env_output_offset(void);
ENV(output_length) uint64_t env_output_length(void);
ENV(error_set) void env_error_set(uint64_t);
ENV(error_get) uint64_t env_error_get(void);
ENV(reset) void env_reset(void);
ENV(memory_bytes) uint64_t env_memory_bytes(void);
ENV(config_get) uint64_t env_config_get(uint64_t);
ENV(var_get) uint64_t env_var_get(uint64_t);
ENV(var_set) void env_var_set(uint64_t, uint64_t);
ENV(http_request) uint64_t env_http_request(uint64_t, uint64_t);
ENV(http_status_code) uint32_t env_http_status_code(void);
ENV(http_headers) uint64_t env_http_headers(void);
ENV(get_log_level) uint32_t env_get_log_level(void);
ENV(log_trace) void env_log_trace(uint64_t);
ENV(log_debug) void env_log_debug(uint64_t);
ENV(log_info) void env_log_info(uint64_t);
ENV(log_warn) void env_log_warn(uint64_t);
ENV(log_error) void env_log_error(uint64_t);

__attribute__((import_module("wasi_snapshot_preview1"), import_name("proc_raise")))
uint32_t wasi_proc_raise(uint32_t);

#define EXPORT(name) __attribute__((export_name(name)))

// How often the runtime was set up.
static int started;

#ifdef TINYGO_COMMAND
extern void __wasm_call_ctors(void);
EXPORT("_start") void start(void) {
  __wasm_call_ctors();
  started++;
}
#elif defined TINYGO_REACTOR
extern void __wasm_call_ctors(void);
EXPORT("_initialize") void initialize(void) {
  __wasm_call_ctors();
  started++;
}
#else
__attribute__((constructor)) static void construct(void) { started++; }
#endif

static uint64_t put(const char *text) {
  uint64_t length = strlen(text), i = 0;
  uint64_t block = env_alloc(length);
  for (; i + 8 <= length; i += 8) {
    uint64_t eight;
    memcpy(&eight, text + i, 8);
    env_store_u64(block + i, eight);
  }
  for (; i < length; i++) env_store_u8(block + i, (uint8_t)text[i]);
  return block;
}

static char *take(uint64_t block) {
  uint64_t length = env_length(block), i = 0;
  char *text = malloc(length + 1);
  for (; i + 8 <= length; i += 8) {
    uint64_t eight = env_load_u64(block + i);
    memcpy(text + i, &eight, 8);
  }
  for (; i < length; i++) text[i] = (char)env_load_u8(block + i);
  text[length] = 0;
  env_free(block);
  return text;
}

static char *input(void) {
  uint64_t length = env_input_length(), i = 0;
  char *text = malloc(length + 1);
  for (; i + 8 <= length; i += 8) {
    uint64_t eight = env_input_load_u64(i);
    memcpy(text + i, &eight, 8);
  }
  for (; i < length; i++) text[i] = (char)env_input_load_u8(i);
  text[length] = 0;
  return text;
}

// The first string of that name in a JSON text; the escapes for characters by number are left.
static char *field(const char *json, const char *name) {
  char *start = malloc(strlen(name) + 5), *value = malloc(strlen(json) + 1), *to = value;
  sprintf(start, "\"%s\":\"", name);
  const char *at = strstr(json, start);
  for (at = at ? at + strlen(start) : ""; *at && *at != '"'; at++) {
    if (*at == '\\') at++;
    *to++ = *at;
  }
  *to = 0;
  return value;
}

static char *quoted(const char *text) {
  char *json = malloc(2 * strlen(text) + 3), *to = json;
  *to++ = '"';
  for (; *text; text++) {
    if (*text == '"' || *text == '\\') *to++ = '\\';
    *to++ = *text;
  }
  *to++ = '"';
  *to = 0;
  return json;
}

static char *format(const char *format, ...) {
  va_list values;
  va_start(values, format);
  char *text = malloc(1 << 16);
  vsnprintf(text, 1 << 16, format, values);
  va_end(values);
  return text;
}

static const char *truth(uint64_t value) { return value ? "true" : "false"; }

static int32_t output(const char *text) {
  uint64_t block = put(text);
  env_output_set(block, strlen(text));
  return 0;
}

// The text, its length in characters, a setting that is there and one that is not.
static char *echo(const char *text) {
  uint64_t greeting = env_config_get(put("greeting"));
  int characters = 0;
  for (const char *c = text; *c; c++) characters += (*c & 0xC0) != 0x80;
  return format("%s %s %d %s %s", take(greeting), text, characters, truth(greeting),
                truth(env_config_get(put("other"))));
}

static char *get(const char *text, const char *url) {
  char *meta = format("{\"method\":\"POST\",\"url\":%s,\"headers\":{\"X-Probe\":%s}}", quoted(url),
                      quoted(text));
  char *body = take(env_http_request(put(meta), put(text)));
  char *headers = take(env_http_headers());
  return format("%d %s %s", env_http_status_code(), field(headers, "x-answer"), body);
}

// Ten thousand requests.
static char *flood(const char *url) {
  char *meta = format("{\"url\":%s}", quoted(url));
  for (int i = 0; i < 10000; i++) {
    uint64_t request = put(meta);
    env_free(env_http_request(request, 0));
    env_free(request);
  }
  return "flooded";
}

static char *vars(const char *text) {
  uint64_t before = env_var_get(put("kept"));
  env_var_set(put("kept"), put(text));
  char *kept = take(env_var_get(put("kept")));
  env_var_set(put("kept"), 0);
  return format("%s %s %s", truth(before), kept, truth(env_var_get(put("kept"))));
}

static char *logs(const char *text) {
  env_log_trace(put(text));
  env_log_debug(put(text));
  env_log_info(put(text));
  env_log_warn(put(text));
  env_log_error(put(text));
  printf("printed %s\n", text);
  fprintf(stderr, "complained %s\n", text);
  fflush(stdout);
  return format("%u", env_get_log_level());
}

// Blocks: their lengths, output and error as they were set, all of them forgotten by a reset.
static char *blocks(void) {
  uint64_t block = put("twelve bytes");
  env_output_set(block, 6);
  env_error_set(block);
  int as_set = env_output_offset() == block && env_output_length() == 6 && env_error_get() == block;
  int lengths = env_length(block) == 12 && env_length_unsafe(block) == 12 && env_length(0) == 0 &&
                env_memory_bytes() >= 12;
  int input = env_length(env_input_offset()) == env_input_length();
  env_reset();
  int forgotten = env_length(block) == 0 && env_input_length() == 0 && env_error_get() == 0;
  return format("%s %s %s %s %d", truth(as_set), truth(lengths), truth(input), truth(forgotten),
                started);
}

// What libraries ask of WASI: clocks that go on, random numbers, a yield, a short sleep, no
// signals, no variables of an environment, no input and no files.
static char *work(void) {
  struct timespec first, then, resolution;
  unsigned char random[16] = {0}, zero[16] = {0};
  clock_gettime(CLOCK_MONOTONIC, &first);
  int slept = usleep(1000) == 0 && sched_yield() == 0;
  clock_gettime(CLOCK_MONOTONIC, &then);
  int64_t nanos = (then.tv_sec - first.tv_sec) * 1000000000LL + then.tv_nsec - first.tv_nsec;
  int resolved = clock_getres(CLOCK_REALTIME, &resolution) == 0 && resolution.tv_nsec > 0;
  getentropy(random, 16);
  int raised = wasi_proc_raise(15) == 0;
  char line[8];
  int nothing_to_read = fgets(line, 8, stdin) == 0 && feof(stdin);
  return format("%s %s %s %s %s %s %s %s", truth(slept && nanos >= 1000000), truth(resolved),
                truth(time(0) > 1700000000), truth(memcmp(random, zero, 16)), truth(nothing_to_read),
                truth(raised), truth(getenv("HOME") != 0), truth(fopen("/etc/passwd", "r") != 0));
}

EXPORT("describe") int32_t describe(void) {
  char *tools = format("{\"tools\":[");
  char *names[] = {"echo", "get", "flood", "vars", "logs", "fail", "crash", "blocks", "work"};
  for (int i = 0; i < 9; i++)
    tools = format("%s%s{\"name\":\"%s\",\"description\":\"Probes its host.\"}", tools, i ? "," : "",
                   names[i]);
  return output(format("%s]}", tools));
}

EXPORT("call") int32_t call(void) {
  char *json = input(), *tool = field(json, "name"), *text = field(json, "text"), *answer;
  if (!strcmp(tool, "echo")) answer = echo(text);
  else if (!strcmp(tool, "get")) answer = get(text, field(json, "url"));
  else if (!strcmp(tool, "flood")) answer = flood(field(json, "url"));
  else if (!strcmp(tool, "vars")) answer = vars(text);
  else if (!strcmp(tool, "logs")) answer = logs(text);
  else if (!strcmp(tool, "blocks")) answer = blocks();
  else if (!strcmp(tool, "work")) answer = work();
  else if (!strcmp(tool, "crash")) abort();
  else {
    env_error_set(put(format("no %s today", text)));
    return 1;
  }
  return output(format("{\"content\":[{\"type\":\"text\",\"text\":%s}]}", quoted(answer)));
}
