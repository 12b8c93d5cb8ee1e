// A servlet in C whose work is arithmetic: the SHA-256 of 256 KiB that it makes itself.
#include <stdint.h>
#include <string.h>

#define ENV(name) __attribute__((import_module("extism:host/env"), import_name(#name)))
ENV(alloc) uint64_t env_alloc(uint64_t);
ENV(store_u8) void env_store_u8(uint64_t, uint32_t);
ENV(output_set) void env_output_set(uint64_t, uint64_t);

#define LENGTH 262144
#define ROTATED(x, n) (((x) >> (n)) | ((x) << (32 - (n))))

static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t hash[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                           0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
static uint8_t data[LENGTH + 64];

static void add(const uint8_t *block) {
  uint32_t w[64], s[8];
  for (int i = 0; i < 16; i++)
    w[i] = (uint32_t)block[i * 4] << 24 | block[i * 4 + 1] << 16 | block[i * 4 + 2] << 8 |
           block[i * 4 + 3];
  for (int i = 16; i < 64; i++) {
    uint32_t a = w[i - 15], b = w[i - 2];
    w[i] = w[i - 16] + (ROTATED(a, 7) ^ ROTATED(a, 18) ^ (a >> 3)) + w[i - 7] +
           (ROTATED(b, 17) ^ ROTATED(b, 19) ^ (b >> 10));
  }
  memcpy(s, hash, sizeof s);
  for (int i = 0; i < 64; i++) {
    uint32_t one = s[7] + (ROTATED(s[4], 6) ^ ROTATED(s[4], 11) ^ ROTATED(s[4], 25)) +
                   ((s[4] & s[5]) ^ (~s[4] & s[6])) + K[i] + w[i];
    uint32_t two = (ROTATED(s[0], 2) ^ ROTATED(s[0], 13) ^ ROTATED(s[0], 22)) +
                   ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
    s[7] = s[6], s[6] = s[5], s[5] = s[4], s[4] = s[3] + one;
    s[3] = s[2], s[2] = s[1], s[1] = s[0], s[0] = one + two;
  }
  for (int i = 0; i < 8; i++) hash[i] += s[i];
}

static int32_t answer(const char *text) {
  uint64_t length = strlen(text);
  uint64_t block = env_alloc(length);
  for (uint64_t i = 0; i < length; i++) env_store_u8(block + i, (uint8_t)text[i]);
  env_output_set(block, length);
  return 0;
}

__attribute__((export_name("describe"))) int32_t describe(void) {
  return answer("{\"tools\":[{\"name\":\"sha256\",\"description\":\"Adds up 256 KiB.\"}]}");
}

__attribute__((export_name("call"))) int32_t call(void) {
  static char text[128] = "{\"content\":[{\"type\":\"text\",\"text\":\"";
  for (int i = 0; i < LENGTH; i++) data[i] = (uint8_t)(i * 7);
  data[LENGTH] = 0x80;
  data[LENGTH + 61] = LENGTH * 8 >> 16;
  for (int i = 0; i <= LENGTH; i += 64) add(data + i);
  char *end = text + strlen(text);
  for (int i = 0; i < 64; i++) *end++ = "0123456789abcdef"[hash[i / 8] >> (28 - i % 8 * 4) & 15];
  strcpy(end, "\"}]}");
  return answer(text);
}
