package dev.errand.tools.servlet.abi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.errand.base.egress.client.GuardedHttp;
import dev.errand.base.json.WellFormed;
import dev.errand.tools.servlet.limit.CallEnded;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The host functions of {@code extism:host/env}, the ABI of Extism 1.x. */
final class ExtismAbi {
  private static final String MODULE = "extism:host/env";

  /** The lowest level that plug-ins are asked to log. */
  private static final int INFO = 2;

  private ExtismAbi() {}

  static Stream<HostImport> imports() {
    return Stream.of(memory(), passing(), keeping(), logging(), http()).flatMap(s -> s);
  }

  private static Stream<HostImport> memory() {
    return Stream.of(
        HostImport.of(MODULE, "alloc", "l", 'l', (call, in, a) -> call.arena.alloc(a[0])),
        HostImport.of(MODULE, "free", "l", (call, in, a) -> call.arena.free(a[0])),
        HostImport.of(MODULE, "length", "l", 'l', (call, in, a) -> call.arena.length(a[0])),
        HostImport.of(MODULE, "length_unsafe", "l", 'l', (call, in, a) -> call.arena.length(a[0])),
        HostImport.of(MODULE, "load_u8", "l", 'i', (call, in, a) -> call.arena.loadByte(a[0])),
        HostImport.of(MODULE, "load_u64", "l", 'l', (call, in, a) -> call.arena.loadLong(a[0])),
        HostImport.of(MODULE, "store_u8", "li", (call, in, a) -> call.arena.storeByte(a[0], a[1])),
        HostImport.of(MODULE, "store_u64", "ll", (call, in, a) -> call.arena.storeLong(a[0], a[1])),
        HostImport.of(MODULE, "memory_bytes", "", 'l', (call, in, a) -> call.arena.size()),
        HostImport.of(MODULE, "reset", "", (call, in, a) -> call.reset()));
  }

  private static Stream<HostImport> passing() {
    return Stream.of(
        HostImport.of(MODULE, "input_offset", "", 'l', (call, in, a) -> call.inputOffset),
        HostImport.of(MODULE, "input_length", "", 'l', (call, in, a) -> call.inputLength),
        HostImport.of(
            MODULE,
            "input_load_u8",
            "l",
            'i',
            (call, in, a) -> call.arena.loadByte(inInput(call, a[0], 1))),
        HostImport.of(
            MODULE,
            "input_load_u64",
            "l",
            'l',
            (call, in, a) -> call.arena.loadLong(inInput(call, a[0], 8))),
        HostImport.of(
            MODULE,
            "output_set",
            "ll",
            (call, in, a) -> {
              call.outputOffset = a[0];
              call.outputLength = a[1];
            }),
        HostImport.of(MODULE, "output_offset", "", 'l', (call, in, a) -> call.outputOffset),
        HostImport.of(MODULE, "output_length", "", 'l', (call, in, a) -> call.outputLength),
        HostImport.of(MODULE, "error_set", "l", (call, in, a) -> call.errorOffset = a[0]),
        HostImport.of(MODULE, "error_get", "", 'l', (call, in, a) -> call.errorOffset));
  }

  private static Stream<HostImport> keeping() {
    return Stream.of(
        HostImport.of(
            MODULE,
            "config_get",
            "l",
            'l',
            (call, in, a) -> {
              var value = call.setting(call.text(a[0]));
              return value != null && value.isEmpty() ? call.arena.empty() : call.put(value);
            }),
        HostImport.of(
            MODULE,
            "var_get",
            "l",
            'l',
            (call, in, a) -> {
              var value = call.variable(call.text(a[0]));
              return value == null ? 0 : call.arena.put(value);
            }),
        HostImport.of(
            MODULE,
            "var_set",
            "ll",
            (call, in, a) ->
                call.keep(
                    call.text(a[0]),
                    a[1] == 0 ? null : call.arena.read(a[1], call.arena.length(a[1])))));
  }

  private static Stream<HostImport> logging() {
    return Stream.concat(
        Stream.of("trace", "debug", "info", "warn", "error")
            .map(
                name ->
                    HostImport.of(
                        MODULE,
                        "log_" + name,
                        "l",
                        (call, in, a) -> call.log(level(name), call.text(a[0])))),
        Stream.of(HostImport.of(MODULE, "get_log_level", "", 'i', (call, in, a) -> INFO)));
  }

  private static int level(String name) {
    return switch (name) {
      case "trace" -> 10;
      case "debug" -> 20;
      case "warn" -> 40;
      case "error" -> 50;
      default -> 30;
    };
  }

  private static Stream<HostImport> http() {
    var json = JsonMapper.builder().build();
    return Stream.of(
        HostImport.of(
            MODULE, "http_request", "ll", 'l', (call, in, a) -> request(json, call, a[0], a[1])),
        HostImport.of(MODULE, "http_status_code", "", 'i', (call, in, a) -> call.httpStatus),
        HostImport.of(
            MODULE, "http_headers", "", 'l', (call, in, a) -> call.put(call.httpHeaders)));
  }

  private static long request(JsonMapper json, ServletCall call, long request, long body) {
    var described = HttpDescription.of(call, request);
    var length = call.arena.length(body);
    GuardedHttp.Answer answer;
    call.memory.take(length);
    try {
      answer =
          call.http(
              described.method(),
              WellFormed.text(described.url()),
              described.headers(),
              call.arena.read(body, length));
    } finally {
      call.memory.take(-length);
    }
    var received = new TreeMap<String, String>();
    answer
        .headers()
        .forEach((name, values) -> received.put(name.toLowerCase(Locale.ROOT), join(values)));
    call.httpStatus = answer.status();
    call.httpHeaders = write(json, received);
    return call.arena.put(answer.body());
  }

  private static String join(Iterable<String> values) {
    return String.join(", ", values);
  }

  private static String write(JsonMapper json, Map<String, String> headers) {
    try {
      return json.writeValueAsString(headers);
    } catch (JsonProcessingException e) {
      throw new CallEnded.Failed("The tool's HTTP request failed: unreadable header fields.");
    }
  }

  private static long inInput(ServletCall call, long at, int length) {
    if (at < 0 || at > call.inputLength - length) {
      throw new CallEnded.Failed("The tool crashed: it read past the end of its input.");
    }
    return call.inputOffset + at;
  }
}
