package dev.errand.tools.servlet.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.tools.servlet.abi.InvalidServletException;
import dev.errand.tools.servlet.module.CodeStore;
import dev.errand.tools.servlet.module.Engine;
import dev.errand.tools.servlet.module.PrebuiltModules;
import dev.errand.tools.servlet.module.ServletModule;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class RefusalTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "refused_import | env system, wasi_snapshot_preview1 fd_write as (I32) -> (I32)",
        "refused_import | env memory",
        "refused_memory | requests 1024 MiB of memory",
        "refused_memories | several memories",
        "refused_table | 9000000 table entries",
        "refused_no_call | exports no function \"call\"",
        "refused_call_type | has the type (I32) -> (I32)",
        "refused_relaxed_simd | relaxed SIMD (0xfd 0x100)",
        "refused_threads | threads",
        "refused_exceptions | exception handling"
      })
  void invalidServletsAreRefusedWithTheReason(String name, String reason) {
    for (var engine : Engine.values()) {
      var refused =
          assertThrows(InvalidServletException.class, () -> new Fixture(engine).load(name));
      assertTrue(message(refused).contains(reason), message(refused));
    }
  }

  @Test
  void twoExportsOfOneNameAreRefused() {
    var wasm =
        HexFormat.of()
            .parseHex(
                "0061736d01000000010501600001"
                    + "7f03020100070f020463616c6c00000463616c6c00000a06010400"
                    + "41000b");
    assertTrue(refusal(wasm).contains("several exports named \"call\""), refusal(wasm));
  }

  @Test
  void anInterfaceOfAnotherHostIsNamed() {
    // Exports of the function 0: list_tools and call_tool, then only the latter.
    var both = "07 1a 02 0a 6c6973745f746f6f6c73 00 00 09 63616c6c5f746f6f6c 00 00";
    var sentence =
        "The module exports \"list_tools\" and \"call_tool\", the interface of hyper-mcp; a servlet"
            + " exports \"describe\" instead, which sets what \"list_tools\" does, and \"call\", whose"
            + " input has name and arguments in \"params\".";
    assertEquals(sentence, refusal(exporting(both)));
    assertEquals(
        "The module exports no function \"describe\"; a servlet exports \"describe\" and \"call\".",
        refusal(exporting("07 0d 01 09 63616c6c5f746f6f6c 00 00")));
  }

  private static byte[] exporting(String exports) {
    return HexFormat.of()
        .parseHex(
            "0061736d01000000010501600001"
                + "7f03020100"
                + exports.replace(" ", "")
                + "0a0601040041000b");
  }

  /** A memory, a table, an import of either: by the flags of its limits. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0503010401 | memory64 (64-bit addresses)",
        "0506010501808004 | memory64 (64-bit addresses)",
        "040401700401 | memory64 (64-bit addresses)",
        "0409014000700401d0700b | memory64 (64-bit addresses)",
        "020801016d016d020401 | memory64 (64-bit addresses)",
        "020901016d016d01700401 | memory64 (64-bit addresses)",
        "050401080100 | custom page sizes"
      })
  void otherKindsOfMemoryAreNamed(String section, String reason) {
    var wasm = HexFormat.of().parseHex("0061736d01000000" + section);
    var sentence = refusal(wasm);
    assertTrue(sentence.startsWith("The module uses " + reason + ", which"), sentence);
  }

  @ParameterizedTest
  @EnumSource
  void aServletThatDescribesNothingIsRefused(Engine engine) throws Exception {
    var fixture = new Fixture(engine);
    var module = fixture.load("describe_fails");
    var refused =
        assertThrows(InvalidServletException.class, () -> fixture.host().describe(module));
    assertTrue(message(refused).contains("set no output"), message(refused));
  }

  @Test
  void bytesOfAnotherAddressAreRefused() {
    var wasm = Fixture.wasm("count");
    var other = Fixture.address(new byte[0]);
    assertThrows(
        InvalidServletException.class,
        () -> new Fixture(Engine.INTERPRETED).host().load(other, wasm));
  }

  @Test
  void aModuleThatIsTooLargeIsRefused() {
    var refused =
        assertThrows(
            InvalidServletException.class,
            () -> new Fixture(Engine.INTERPRETED, "module", "100").load("count"));
    assertTrue(message(refused).contains("at most 100 bytes"), message(refused));
  }

  @Test
  void brokenBytesAreRefusedHoweverTheyAreBroken() throws Exception {
    assertTrue(refusal(new byte[0]).contains("empty"));
    assertTrue(
        refusal("<html>".repeat(9).getBytes(StandardCharsets.UTF_8))
            .contains("not a WebAssembly module"));
    var loader =
        new ModuleLoader(
            Fixture.limits(), Engine.INTERPRETED, PrebuiltModules.NONE, CodeStore.NONE);
    for (var name : List.of("http", "recurse_simd")) {
      var whole = Fixture.wasm(name);
      for (var length = 8; length < whole.length; length++) {
        refusedOrLoaded(loader, Arrays.copyOf(whole, length));
      }
      var random = new Random(1);
      for (var i = 0; i < 3000; i++) {
        var broken = whole.clone();
        broken[8 + random.nextInt(broken.length - 8)] = (byte) random.nextInt(256);
        broken[8 + random.nextInt(broken.length - 8)] = (byte) random.nextInt(256);
        refusedOrLoaded(loader, broken);
      }
    }
  }

  /** Some damage leaves a module valid; none may throw anything but the one exception. */
  private static void refusedOrLoaded(ModuleLoader loader, byte[] wasm) {
    try {
      loader.load(Fixture.address(wasm), wasm);
    } catch (InvalidServletException e) {
      assertTrue(message(e).endsWith("."), message(e));
    }
  }

  @Test
  void aModuleIsMadeOnceHoweverManyAskForIt() throws Exception {
    var fixture = new Fixture(Engine.COMPILED);
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<ServletModule> load = () -> fixture.load("count");
      var all = pool.invokeAll(IntStream.range(0, 20).mapToObj(i -> load).toList());
      for (var one : all) {
        assertSame(all.get(0).get(), one.get());
      }
    }
  }

  @Test
  void modulesUsedLastAreKept() throws Exception {
    var fixture = new Fixture(Engine.INTERPRETED, "cached-modules", "2");
    var kept = fixture.load("count");
    var dropped = fixture.load("error");
    assertSame(kept, fixture.load("count"));
    fixture.load("http");
    assertSame(kept, fixture.load("count"));
    assertTrue(dropped != fixture.load("error"));
  }

  @Test
  void roomIsMadeBeforeAModuleIsLoaded() throws Exception {
    var fixture = new Fixture(Engine.INTERPRETED);
    var cache = new ModuleCache(8, 1 << 20);
    var first = fixture.load("count");
    assertSame(first, cache.get("first", 0, loaded -> loaded.complete(first)));
    assertSame(first, cache.find("first").orElseThrow());
    var second = fixture.load("error");
    ModuleCache.Loader loader =
        loaded -> {
          assertTrue(cache.find("first").isEmpty());
          loaded.complete(second);
        };
    assertSame(second, cache.get("second", 1 << 20, loader));
    assertSame(second, cache.find("second").orElseThrow());
  }

  @Test
  void interpretedCodeOfMoreThanHalfOfTheHeapIsRefused() {
    ModuleLibrary.checkFits(128 << 20, 256 << 20);
    ApiException refused =
        assertThrows(ApiException.class, () -> ModuleLibrary.checkFits((128 << 20) + 1, 256 << 20));
    assertEquals(ErrorCode.UNAVAILABLE, refused.code());
    assertEquals(
        "The module would take about 129 MiB of memory, because this process interprets it: start"
            + " it with a heap of 257 MiB or more (-Xmx), or run it on a JVM, which compiles it.",
        refused.getMessage());
  }

  @Test
  void aFunctionTooLargeForTheJvmIsInterpreted() throws Exception {
    assertTrue(new Fixture(Engine.COMPILED).load("too_large").interpreted());
    assertEquals(false, new Fixture(Engine.COMPILED).load("count").interpreted());
  }

  private static String refusal(byte[] wasm) {
    return message(
        assertThrows(
            InvalidServletException.class,
            () ->
                new ModuleLoader(
                        Fixture.limits(), Engine.INTERPRETED, PrebuiltModules.NONE, CodeStore.NONE)
                    .load(Fixture.address(wasm), wasm)));
  }

  private static String message(Exception e) {
    return String.valueOf(e.getMessage());
  }
}
