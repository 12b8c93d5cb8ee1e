// An example: sends a note to a service that wants a key, by POST. No library is needed.

typedef unsigned long long u64;
#define ENV(name) __attribute__((import_module("extism:host/env"), import_name(#name)))
#define EXPORT(name) __attribute__((export_name(name)))
ENV(alloc) u64 host_alloc(u64 length);
ENV(length) u64 host_length(u64 block);
ENV(load_u8) unsigned host_load(u64 at);
ENV(store_u8) void host_store(u64 at, unsigned byte);
ENV(input_length) u64 host_input_length(void);
ENV(input_load_u8) unsigned host_input(u64 at);
ENV(output_set) void host_output(u64 block, u64 length);
ENV(config_get) u64 host_config(u64 key);
ENV(log_info) void host_log(u64 text);
ENV(http_request) u64 host_http(u64 request, u64 body);
ENV(http_status_code) unsigned host_status(void);

// Texts are put together here, one at a time, and then handed to the host.
static char text[70000];
static unsigned used;

static void begin(void) { used = 0; }

static void byte(char c) {
  if (used < sizeof text) text[used++] = c;
}

static void put(const char *more) {
  while (*more) byte(*more++);
}

static void quoted(char c) {
  static const char hex[] = "0123456789abcdef";
  if (c == '"' || c == '\\') {
    byte('\\');
    byte(c);
  } else if ((unsigned char)c < 0x20) {
    put("\\u00");
    byte(hex[c >> 4]);
    byte(hex[c & 15]);
  } else {
    byte(c);
  }
}

// Appends a block of the host as the inside of a JSON string.
static void put_block(u64 block, u64 most) {
  u64 length = block ? host_length(block) : 0;
  for (u64 i = 0; i < length && i < most; i++) quoted((char)host_load(block + i));
}

static u64 stored(void) {
  u64 block = host_alloc(used);
  for (unsigned i = 0; i < used; i++) host_store(block + i, (unsigned char)text[i]);
  return block;
}

static u64 config(const char *key) {
  begin();
  put(key);
  return host_config(stored());
}

static int answer(void) {
  host_output(stored(), used);
  return 0;
}

static int fail(const char *why) {
  begin();
  put("{\"isError\":true,\"content\":[{\"type\":\"text\",\"text\":\"");
  put(why);
  put("\"}]}");
  return answer();
}

EXPORT("describe") int describe(void) {
  begin();
  put("{\"tools\":[{\"name\":\"send\",\"description\":\"Sends a note.\",\"inputSchema\":"
      "{\"type\":\"object\",\"properties\":{\"text\":{\"type\":\"string\",\"description\":"
      "\"The note.\"}},\"required\":[\"text\"],\"additionalProperties\":false}}]}");
  return answer();
}

EXPORT("call") int call(void) {
  // The arguments come as JSON. A real tool wants a real JSON reader; this finds one string.
  static const char name[] = "\"text\":\"";
  u64 length = host_input_length(), at = 0;
  unsigned matched = 0;
  while (at < length && name[matched]) {
    char c = (char)host_input(at++);
    matched = c == name[matched] ? matched + 1 : c == name[0];
  }
  if (name[matched] || length > 60000)
    return fail("The argument text must be a string of at most 60000 bytes.");
  u64 url = config("API_URL"), key = config("API_KEY");
  if (!url) return fail("The setting API_URL has no value.");
  if (!key) return fail("The setting API_KEY has no value.");

  begin();
  put("{\"method\":\"POST\",\"url\":\"");
  put_block(url, 2000);
  put("\",\"headers\":{\"Content-Type\":\"application/json\",\"Authorization\":\"Bearer ");
  put_block(key, 2000);
  put("\"}}");
  u64 request = stored();

  begin();
  put("{\"text\":\"");
  for (int escaped = 0; at < length; at++) {  // It is escaped as JSON already.
    char c = (char)host_input(at);
    if (c == '"' && !escaped) break;
    escaped = c == '\\' && !escaped;
    byte(c);
  }
  put("\"}");
  // Where the host is not granted, the service ends the call here and says so.
  u64 said = host_http(request, stored());

  int good = host_status() >= 200 && host_status() < 300;
  begin();
  put(good ? "sent" : "refused");
  host_log(stored());
  begin();
  put(good ? "{\"content\":[{\"type\":\"text\",\"text\":\"Sent. "
           : "{\"isError\":true,\"content\":[{\"type\":\"text\",\"text\":\"Refused: ");
  put_block(said, 1000);
  put("\"}]}");
  return answer();
}
