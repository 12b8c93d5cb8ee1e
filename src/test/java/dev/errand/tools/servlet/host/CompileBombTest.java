package dev.errand.tools.servlet.host;

import static dev.errand.tools.servlet.module.WasmBytes.bytes;
import static dev.errand.tools.servlet.module.WasmBytes.header;
import static dev.errand.tools.servlet.module.WasmBytes.number;
import static dev.errand.tools.servlet.module.WasmBytes.repeat;
import static dev.errand.tools.servlet.module.WasmBytes.section;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.tools.servlet.abi.InvalidServletException;
import dev.errand.tools.servlet.module.CodeStore;
import dev.errand.tools.servlet.module.Engine;
import dev.errand.tools.servlet.module.ModuleScan;
import dev.errand.tools.servlet.module.PrebuiltModules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Modules that would keep the parser or the compiler busy for minutes, or have it reserve
 * gigabytes, if they came that far.
 */
@Timeout(60)
class CompileBombTest {
  private static final byte[] NO_PARAMETERS = {1, 0x60, 0, 0};
  private static final byte[] BLOCK = {0x02, 0x40};
  private static final byte[] ZERO = {0x41, 0};
  private static final byte[] BRANCH_IF_OUT = {0x0D, 0};
  private static final byte[] DROP = {0x1A};
  private static final byte[] END = {0x0B};

  @Test
  void billionsOfLocalVariables() {
    var groups = repeat(bytes(number(50_000), new byte[] {0x7F}), 100_000);
    refused("local variables", function(NO_PARAMETERS, bytes(number(100_000), groups, END)));
  }

  @Test
  void branchesOutOfADeepNest() {
    var deep = 9_000;
    var branches = repeat(bytes(ZERO, new byte[] {0x0D}, number(deep - 1)), 100_000);
    refused("too much to compile", body(repeat(BLOCK, deep), branches, repeat(END, deep)));
  }

  @Test
  void aHundredThousandBlocksWithinEachOther() {
    refused("nests more than", body(repeat(BLOCK, 100_000), repeat(END, 100_000)));
  }

  @Test
  void branchesThatLeaveADeepStack() {
    var deep = 5_000;
    var code = bytes(BLOCK, repeat(ZERO, deep), repeat(bytes(ZERO, BRANCH_IF_OUT), deep));
    refused("too much to compile", body(code, repeat(DROP, deep), END));
  }

  @Test
  void callsThatPassAThousandValues() {
    var type = bytes(new byte[] {1, 0x60}, number(1000), repeat(new byte[] {0x7F}, 1000));
    var calls = repeat(new byte[] {0x10, 0}, 100_000);
    refused(
        "too much to compile",
        function(bytes(type, new byte[] {0}), bytes(new byte[] {0, 0x00}, calls, END)));
  }

  @Test
  void aTypeOfAMillionParameters() {
    var type = bytes(new byte[] {1, 0x60}, number(1_000_000), repeat(new byte[] {0x7F}, 1_000_000));
    refused("at most 1000", function(bytes(type, new byte[] {0}), new byte[] {0, 0x0B}));
  }

  @Test
  void moreTypesThanAnyCompilerEmits() {
    var types = repeat(new byte[] {0x60, 0, 0}, 10_001);
    refused(
        "10001 function types; at most 10000",
        function(bytes(number(10_001), types), new byte[] {0, 0x0B}));
  }

  @Test
  void typesOfTooManyParametersTogether() {
    var type = bytes(new byte[] {0x60}, number(999), repeat(new byte[] {0x7F}, 999));
    var types = repeat(bytes(type, new byte[] {0}), 101);
    refused(
        "more than 100000 parameters and results together",
        function(bytes(number(101), types), new byte[] {0, 0x0B}));
  }

  @Test
  void oneFunctionOfMoreThanAMegabyte() {
    refused("at most 1 MiB are allowed", body(repeat(bytes(ZERO, DROP), 350_000), END));
  }

  @Test
  void aBranchTableOfAMillionTargets() {
    var targets = bytes(new byte[] {0x0E}, number(1_000_000), new byte[1_000_001]);
    refused("more than 65520 targets", body(ZERO, targets));
  }

  @Test
  void aNameOfTwoGigabytes() {
    var name = bytes(number(1), number(0x7FFF_FFF0L), new byte[20]);
    refused("cut off or malformed", bytes(header(), section(7, name)));
    refused("cut off or malformed", bytes(header(), section(2, name)));
    refused("cut off or malformed", bytes(header(), section(0, bytes(number(0x7FFF_FFF0L)))));
  }

  @Test
  void dataOfTwoGigabytes() {
    var data = bytes(number(1), number(1), number(0x7FFF_FFF0L));
    refused("cut off or malformed", bytes(header(), section(11, data)));
  }

  @Test
  void billionsOfElementsAndParameters() {
    var elements = bytes(number(1), new byte[] {1, 0}, number(0x7FFF_FFF0L));
    refused("cut off or malformed", bytes(header(), section(9, elements)));
    var type = bytes(new byte[] {1, 0x60}, number(0x7FFF_FFF0L));
    refused("cut off or malformed", bytes(header(), section(1, type)));
    var subtypes = bytes(new byte[] {1, 0x4E}, number(0x7FFF_FFF0L));
    refused("garbage-collected", bytes(header(), section(1, subtypes)));
  }

  @Test
  void outputOfCompilersIsAccepted() throws Exception {
    for (var name : new String[] {"go_probe", "go_command", "as_probe", "c_probe", "rust_words"}) {
      ModuleScan.check(Fixture.wasm(name), Fixture.limits());
    }
  }

  private static void refused(String reason, byte[] wasm) {
    for (var engine : Engine.values()) {
      var loader = new ModuleLoader(Fixture.limits(), engine, PrebuiltModules.NONE, CodeStore.NONE);
      var refused =
          assertThrows(
              InvalidServletException.class, () -> loader.load(Fixture.address(wasm), wasm));
      assertTrue(String.valueOf(refused.getMessage()).contains(reason), refused::getMessage);
    }
  }

  /** A module of one function without parameters. */
  private static byte[] body(byte[]... code) {
    return function(NO_PARAMETERS, bytes(new byte[] {0}, bytes(code), END));
  }

  private static byte[] function(byte[] types, byte[] body) {
    return bytes(
        header(),
        section(1, types),
        section(3, new byte[] {1, 0}),
        section(10, bytes(number(1), number(body.length), body)));
  }
}
