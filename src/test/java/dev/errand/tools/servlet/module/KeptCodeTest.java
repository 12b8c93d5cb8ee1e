package dev.errand.tools.servlet.module;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.tools.port.ToolResult;
import dev.errand.tools.servlet.abi.InvalidServletException;
import dev.errand.tools.servlet.host.Fixture;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class KeptCodeTest {
  /** What hosts keep in one process. */
  private static final class Shelf implements CodeStore {
    final Map<String, byte[]> kept = new HashMap<>();
    int made;

    @Override
    public Optional<byte[]> find(String address, String engine) {
      return Optional.ofNullable(kept.get(address + " " + engine));
    }

    @Override
    public void keep(String address, String engine, byte[] code) {
      kept.put(address + " " + engine, code);
      made++;
    }
  }

  private final Shelf shelf = new Shelf();

  private Fixture host(String... settings) {
    return new Fixture(Engine.COMPILED, Fixture.NO_HTTP, shelf, settings);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "count",
        "grow_table",
        "drop_data",
        "vars_kept",
        "reactor",
        "haskell",
        "command",
        "wasi",
        "input_echo",
        "output_kinds",
        "recurse",
        "divide",
        "grow_memory_crash",
        "rust_words",
        "c_simd"
      })
  void keptCodeDoesWhatCompiledCodeDoes(String name) throws Exception {
    var compiled = host();
    var tools = compiled.host().describe(compiled.load(name));
    var first = compiled.call(name);
    assertEquals(1, shelf.made);

    var again = host();
    assertEquals(tools, again.host().describe(again.load(name)));
    assertEquals(first, again.call(name));
    assertFalse(again.load(name).interpreted());
    assertEquals(1, shelf.made);
  }

  @Test
  void aFunctionThatCanNotBeCompiledIsInterpretedAgain() throws Exception {
    for (var i = 0; i < 2; i++) {
      var host = host("wall-time", "PT0.5S");
      assertTrue(host.load("too_large").interpreted());
      assertTrue(host.call("too_large").joinedText().contains("longer than 500 ms"));
    }
    assertEquals(1, shelf.made);
  }

  @Test
  void aModuleThatCanNotBeCompiledIsKeptAsSuch() throws Exception {
    host().load("count");
    var key = shelf.kept.keySet().iterator().next();
    var none = new CompiledCode(BoundedInterpreter::new, CompiledCode.Reach.NONE, new byte[0]);
    shelf.kept.put(key, none.toBytes(false).orElseThrow());

    var host = host();
    assertTrue(host.load("count").interpreted());
    assertEquals(ToolResult.text("00001001"), host.call("count"));
  }

  @Test
  void keptCodeIsStoppedAtItsTime() throws Exception {
    for (var name : List.of("loop_br_if", "loop_br_table", "loop_call", "loop_start")) {
      for (var i = 0; i < 2; i++) {
        var host = host("wall-time", "PT0.5S", "cores", "1", "calls", "1");
        assertTrue(host.call(name).joinedText().contains("longer than 500 ms"), name);
        host.awaitCount();
      }
    }
    assertEquals(5, shelf.made);
  }

  @Test
  void invalidCodeIsReplaced() throws Exception {
    host().load("count");
    var key = shelf.kept.keySet().iterator().next();
    var good = shelf.kept.getOrDefault(key, new byte[0]);
    var half = java.util.Arrays.copyOf(good, good.length / 2);
    var strange = good.clone();
    strange[0] = 77;
    for (var bad : new byte[][] {{}, {0}, {0, 1, 2}, half, strange}) {
      shelf.kept.put(key, bad);
      var host = host();
      assertEquals(ToolResult.text("00001001"), host.call("count"));
      assertTrue(shelf.kept.getOrDefault(key, new byte[0]).length > good.length / 2);
    }
  }

  @Test
  void limitsHoldForModulesWhoseCodeIsKept() throws Exception {
    host().load("recurse");
    var smaller = host("code", "10");
    var refused = assertThrows(InvalidServletException.class, () -> smaller.load("recurse"));
    assertTrue(String.valueOf(refused.getMessage()).contains("bytes of code"));
  }

  @Test
  void codeIsKeptForItsCompilerAndItsJava() throws Exception {
    host().load("count");
    var key = shelf.kept.keySet().iterator().next();
    assertTrue(key.startsWith(Fixture.address(Fixture.wasm("count"))), key);
    assertTrue(key.contains("chicory 1."), key);
    assertTrue(key.endsWith("java " + Runtime.version().feature()), key);
  }

  @Test
  void theInterpreterAsksForNoCode() throws Exception {
    CodeStore none =
        new CodeStore() {
          @Override
          public Optional<byte[]> find(String address, String engine) {
            throw new AssertionError(address);
          }

          @Override
          public void keep(String address, String engine, byte[] code) {
            throw new AssertionError(address);
          }
        };
    var host = new Fixture(Engine.INTERPRETED, Fixture.NO_HTTP, none);
    assertEquals(ToolResult.text("00001001"), host.call("count"));
  }

  @Test
  void aModuleWithoutBodiesDeclaresTheSame() throws Exception {
    for (var name : List.of("count", "rust_words", "c_echo", "drop_data")) {
      var wasm = Fixture.wasm(name);
      var bare = FunctionBodies.without(wasm);
      assertTrue(bare.length < wasm.length, name);
      ModuleScan.check(bare, Fixture.limits());
      var whole = com.dylibso.chicory.wasm.Parser.parse(wasm);
      var parsed = com.dylibso.chicory.wasm.Parser.parse(bare);
      assertEquals(
          whole.codeSection().functionBodyCount(), parsed.codeSection().functionBodyCount());
      assertEquals(whole.dataSection().dataSegmentCount(), parsed.dataSection().dataSegmentCount());
      assertEquals(whole.exportSection(), parsed.exportSection());
      assertEquals(2, parsed.codeSection().getFunctionBody(0).instructions().size());
    }
  }
}
