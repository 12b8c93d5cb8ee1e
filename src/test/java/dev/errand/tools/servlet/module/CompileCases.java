package dev.errand.tools.servlet.module;

import static dev.errand.tools.servlet.module.WasmBytes.body;
import static dev.errand.tools.servlet.module.WasmBytes.bytes;
import static dev.errand.tools.servlet.module.WasmBytes.header;
import static dev.errand.tools.servlet.module.WasmBytes.name;
import static dev.errand.tools.servlet.module.WasmBytes.number;
import static dev.errand.tools.servlet.module.WasmBytes.repeat;
import static dev.errand.tools.servlet.module.WasmBytes.section;
import static dev.errand.tools.servlet.module.WasmBytes.vector;

import dev.errand.tools.servlet.host.Fixture;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Modules of less than a megabyte that would fill gigabytes while they are compiled, or end the
 * JVM, and a process that loads them one after the other.
 */
final class CompileCases {
  /** A function without parameters and results. */
  static final byte[] NOTHING = {0x60, 0, 0};

  private static final byte[] ZERO = {0x41, 0};
  private static final byte[] DROP = {0x1A};
  private static final byte[] BLOCK = {0x02, 0x40};
  private static final byte[] END = {0x0B};
  private static final byte[] IF = {0x41, 0, 0x04, 0x40, 0x0B};
  private static final byte[] SELECT = {0x41, 0, 0x41, 0, 0x41, 0, 0x1B, 0x1A};
  private static final int I64 = 0x7E;

  private CompileCases() {}

  /** The modules by their names. */
  static Map<String, byte[]> all() {
    var cases = new LinkedHashMap<String, byte[]>();
    cases.put("deep stack, table of frames beyond 16 MB", servlet(NOTHING, deep(5000, IF, 5000)));
    cases.put("deep stack, many labels", servlet(NOTHING, deep(2000, IF, 150_000)));
    cases.put("deep stack, many selections", servlet(NOTHING, deep(2000, SELECT, 100_000)));
    cases.put("deep stack, deep nest", servlet(NOTHING, deep(60_000, nest(9000), 1)));
    cases.put(
        "many locals, many labels", servlet(NOTHING, body(9000, I64, repeat(IF, 150_000)), 1));
    var sixty = body(4000, I64, repeat(IF, 3000));
    cases.put("sixty functions that are large together", servlet(NOTHING, sixty, 60));
    cases.put("blocks of a thousand results", servlet(thousand(), 0, results(), 1));
    cases.put("calls that pass a thousand values", servlet(thousand(), calls(), 1));
    return cases;
  }

  private static byte[] deep(int stack, byte[] labels, int times) {
    return bytes(repeat(ZERO, stack), repeat(labels, times), repeat(DROP, stack));
  }

  private static byte[] nest(int blocks) {
    return bytes(repeat(BLOCK, blocks), repeat(END, blocks));
  }

  /** A function of a thousand numbers to a thousand numbers. */
  private static byte[] thousand() {
    var numbers = bytes(number(1000), repeat(new byte[] {(byte) I64}, 1000));
    return bytes(new byte[] {0x60}, numbers, numbers);
  }

  private static byte[] parameters() {
    var all = new byte[1000][];
    Arrays.setAll(all, i -> bytes(new byte[] {0x20}, number(i)));
    return bytes(all);
  }

  private static byte[] calls() {
    return body(0, 0, parameters(), repeat(new byte[] {0x10, 2}, 20_000));
  }

  private static byte[] results() {
    var values = repeat(new byte[] {0x42, 0}, 1000);
    var block = bytes(new byte[] {0x02, 1, 0x42, 0, 0x0C, 0}, END);
    return body(0, 0, values, block, repeat(DROP, 1000), repeat(IF, 150_000));
  }

  /** A servlet whose tool calls a function, which has this code, without parameters. */
  static byte[] servlet(byte[] type, byte[] code) {
    return servlet(type, body(0, 0, code), 1);
  }

  private static byte[] servlet(byte[] type, byte[] body, int times) {
    return servlet(type, 1, body, times);
  }

  private static byte[] servlet(byte[] type, int own, byte[] body, int times) {
    var functions = new byte[times];
    Arrays.fill(functions, (byte) own);
    var plain = own == 0 || Arrays.equals(type, NOTHING);
    var call = plain ? body(0, 0, new byte[] {0x10, 2}) : body(0, 0);
    return bytes(
        header(),
        section(1, vector(NOTHING, type)),
        section(3, bytes(number(2 + times), new byte[] {0, 0}, functions)),
        section(
            7,
            vector(
                bytes(name("describe"), new byte[] {0, 0}),
                bytes(name("call"), new byte[] {0, 1}))),
        section(10, bytes(number(2 + times), body(0, 0), call, repeat(body, times))));
  }

  /** Loads each, and says whether it can be run and what of it is interpreted. */
  public static void main(String[] args) throws Exception {
    for (var one : all().entrySet()) {
      var wasm = one.getValue();
      System.out.println(one.getKey() + ": begins");
      var module = new Fixture(Engine.COMPILED).host().load(Fixture.address(wasm), wasm);
      System.out.println(one.getKey() + ": " + (module.interpreted() ? "interpreted" : "compiled"));
    }
  }
}
