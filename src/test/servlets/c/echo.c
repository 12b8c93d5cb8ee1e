// A servlet in C: says back what it was called with, and prints a line.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENV(name) __attribute__((import_module("extism:host/env"), import_name(#name)))
ENV(alloc) uint64_t env_alloc(uint64_t);
ENV(store_u8) void env_store_u8(uint64_t, uint32_t);
ENV(store_u64) void env_store_u64(uint64_t, uint64_t);
ENV(output_set) void env_output_set(uint64_t, uint64_t);
ENV(input_length) uint64_t env_input_length(void);
ENV(input_load_u8) uint32_t env_input_load_u8(uint64_t);

static void answer(const char *text) {
  uint64_t length = strlen(text), i = 0;
  uint64_t block = env_alloc(length);
  for (; i + 8 <= length; i += 8) {
    uint64_t eight;
    memcpy(&eight, text + i, 8);
    env_store_u64(block + i, eight);
  }
  for (; i < length; i++) env_store_u8(block + i, (uint8_t)text[i]);
  env_output_set(block, length);
}

__attribute__((export_name("describe"))) int32_t describe(void) {
  answer("{\"tools\":[{\"name\":\"echo\",\"description\":\"Says it back.\","
         "\"inputSchema\":{\"type\":\"object\",\"properties\":{\"text\":{\"type\":\"string\"}}}}]}");
  return 0;
}

__attribute__((export_name("call"))) int32_t call(void) {
  uint64_t length = env_input_length();
  char *input = malloc(length + 1);
  char *out = malloc(2 * length + 100);
  for (uint64_t i = 0; i < length; i++) input[i] = (char)env_input_load_u8(i);
  input[length] = 0;
  printf("called with %d bytes\n", (int)length);
  fflush(stdout);
  char *at = out + sprintf(out, "{\"content\":[{\"type\":\"text\",\"text\":\"");
  for (char *c = input; *c; c++) {
    if (*c == '"' || *c == '\\') *at++ = '\\';
    *at++ = *c;
  }
  strcpy(at, "\"}]}");
  answer(out);
  return 0;
}
