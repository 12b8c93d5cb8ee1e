package dev.errand.tools.servlet.module;

import static dev.errand.tools.servlet.module.WasmBytes.body;
import static dev.errand.tools.servlet.module.WasmBytes.bytes;
import static dev.errand.tools.servlet.module.WasmBytes.custom;
import static dev.errand.tools.servlet.module.WasmBytes.header;
import static dev.errand.tools.servlet.module.WasmBytes.name;
import static dev.errand.tools.servlet.module.WasmBytes.number;
import static dev.errand.tools.servlet.module.WasmBytes.section;
import static dev.errand.tools.servlet.module.WasmBytes.signed;
import static dev.errand.tools.servlet.module.WasmBytes.store;
import static dev.errand.tools.servlet.module.WasmBytes.vector;

import java.util.ArrayList;
import java.util.List;

/**
 * A servlet of the shape that Zig gives to a large program when nobody asks it to strip: a thousand
 * functions with names, one of them too large for the JVM, notes for debuggers, 17 MB of memory,
 * and imports of Extism's host and {@code fd_write} only.
 */
final class NamedModule {
  static final String ANSWER = "counted to 1000";

  private static final int I32 = 0x7F;
  private static final int I64 = 0x7E;
  private static final int COUNTERS = 1000;

  // Functions: the imported ones, the exported ones, the large one, those that count.
  private static final int ALLOC = 0;
  private static final int STORE = 1;
  private static final int OUTPUT = 2;
  private static final int WRITE = 3;
  private static final int DESCRIBE = 4;
  private static final int CALL = 5;
  private static final int LARGE = 6;
  private static final int FIRST_COUNTER = 7;

  private NamedModule() {}

  /** The module, with the name section that its compiler would write. */
  static byte[] wasm() {
    return wasm(names());
  }

  /** The module, with a name section of this content. */
  static byte[] wasm(byte[] names) {
    return bytes(
        header(),
        section(1, types()),
        section(2, imports()),
        section(3, functions()),
        section(5, vector(bytes(new byte[] {0}, number(257)))),
        section(
            7,
            vector(
                bytes(name("memory"), new byte[] {2, 0}),
                bytes(name("describe"), new byte[] {0, DESCRIBE}),
                bytes(name("call"), new byte[] {0, CALL}))),
        section(10, code()),
        custom(".debug_info", new byte[200_000]),
        custom(".debug_line", new byte[50_000]),
        custom("name", names));
  }

  private static byte[] type(int[] params, int... results) {
    var out = bytes(new byte[] {0x60}, number(params.length));
    for (var param : params) {
      out = bytes(out, new byte[] {(byte) param});
    }
    out = bytes(out, number(results.length));
    for (var result : results) {
      out = bytes(out, new byte[] {(byte) result});
    }
    return out;
  }

  private static byte[] types() {
    return vector(
        type(new int[] {}, I32),
        type(new int[] {}),
        type(new int[] {I64}, I64),
        type(new int[] {I64, I64}),
        type(new int[] {I32, I32, I32, I32}, I32),
        type(new int[] {I32}, I32));
  }

  private static byte[] imports() {
    return vector(
        bytes(name("extism:host/env"), name("alloc"), new byte[] {0, 2}),
        bytes(name("extism:host/env"), name("store_u64"), new byte[] {0, 3}),
        bytes(name("extism:host/env"), name("output_set"), new byte[] {0, 3}),
        bytes(name("wasi_snapshot_preview1"), name("fd_write"), new byte[] {0, 4}));
  }

  private static byte[] functions() {
    var counters = new byte[COUNTERS];
    java.util.Arrays.fill(counters, (byte) 5);
    return bytes(number(3 + COUNTERS), new byte[] {0, 0, 1}, counters);
  }

  private static byte[] code() {
    var bodies = new ArrayList<byte[]>();
    bodies.add(body(1, I64, answer("{\"tools\":[{\"name\":\"probe\"}]}")));
    bodies.add(
        body(
            1,
            I64,
            new byte[] {
              0x41, 1, 0x41, 0, 0x41, 0, 0x41, 8, 0x10, WRITE, 0x1A, 0x10, LARGE, 0x41, 0
            },
            bytes(new byte[] {0x10, FIRST_COUNTER, 0x41}, signed(COUNTERS)),
            new byte[] {0x47, 0x04, 0x40, 0x00, 0x0B},
            answer("{\"content\":[{\"type\":\"text\",\"text\":\"" + ANSWER + "\"}]}")));
    bodies.add(body(0, 0, large()));
    for (var i = 1; i <= COUNTERS; i++) {
      var next =
          i == COUNTERS ? new byte[0] : bytes(new byte[] {0x10}, number(FIRST_COUNTER + (long) i));
      bodies.add(body(0, 0, new byte[] {0x20, 0, 0x41, 1, 0x6A}, next));
    }
    return vector(bodies.toArray(byte[][]::new));
  }

  private static byte[] answer(String text) {
    var length = bytes(new byte[] {0x42}, signed(text.length()));
    return bytes(
        length,
        new byte[] {0x10, ALLOC, 0x21, 0},
        store(STORE, 0, text),
        new byte[] {0x20, 0},
        length,
        new byte[] {0x10, OUTPUT, 0x41, 0});
  }

  private static byte[] large() {
    var code = new ArrayList<byte[]>();
    for (var i = 0; i < 9000; i++) {
      var at = bytes(new byte[] {0x41}, signed(i));
      code.add(bytes(at, new byte[] {0x41, 4, 0x28, 2, 0}, at, new byte[] {0x6A, 0x36, 2, 0}));
    }
    return bytes(code.toArray(byte[][]::new));
  }

  private static byte[] names() {
    var names = new ArrayList<byte[]>();
    names.addAll(
        List.of(bytes(number(LARGE), name("main.large")), bytes(number(CALL), name("main.call"))));
    for (var i = 0; i < COUNTERS; i++) {
      names.add(bytes(number(FIRST_COUNTER + (long) i), name("std.fmt.formatType__anon_" + i)));
    }
    return bytes(section(0, name("plugin")), section(1, vector(names.toArray(byte[][]::new))));
  }
}
