package dev.errand.tools.servlet.module;

import static dev.errand.tools.servlet.module.WasmBytes.bytes;
import static dev.errand.tools.servlet.module.WasmBytes.custom;
import static dev.errand.tools.servlet.module.WasmBytes.name;
import static dev.errand.tools.servlet.module.WasmBytes.number;
import static dev.errand.tools.servlet.module.WasmBytes.repeat;
import static dev.errand.tools.servlet.module.WasmBytes.section;
import static dev.errand.tools.servlet.module.WasmBytes.vector;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.tools.port.ToolCall;
import dev.errand.tools.port.ToolLog;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.servlet.host.Fixture;
import dev.errand.tools.servlet.limit.Grant;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Modules as compilers leave them, with names of functions and notes for debuggers. */
@Timeout(300)
class UnstrippedModuleTest {
  private static ToolResult call(Engine engine, byte[] wasm, String tool) throws Exception {
    var host = new Fixture(engine).host();
    var module = host.load(Fixture.address(wasm), wasm);
    assertEquals(tool, host.describe(module).getFirst().name());
    var call =
        new ToolCall(
            "call_1", Fixture.arguments(Map.of("text", "so so")), Instant.MAX, ToolLog.NONE);
    return host.call(module, Grant.NONE, tool, call);
  }

  @ParameterizedTest
  @EnumSource
  void aThousandNamedFunctionsOfWhichOneIsTooLargeForTheJvm(Engine engine) throws Exception {
    assertEquals(ToolResult.text(NamedModule.ANSWER), call(engine, NamedModule.wasm(), "probe"));
  }

  @ParameterizedTest
  @EnumSource
  void aNameSectionThatIsMalformedIsIgnored(Engine engine) throws Exception {
    var entry = bytes(number(4), name("describe"));
    for (var names :
        List.of(
            new byte[] {1},
            new byte[] {1, 5, 0},
            section(1, number(0x7FFF_FFF0L)),
            section(2, bytes(number(1), number(4), number(0x7FFF_FFF0L))),
            section(1, bytes(number(1), number(4), new byte[] {2, (byte) 0xC3, (byte) 0x28})),
            section(1, vector(entry, entry)),
            bytes(section(0, name("a")), section(0, name("b"))))) {
      assertEquals(
          ToolResult.text(NamedModule.ANSWER), call(engine, NamedModule.wasm(names), "probe"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void namesAreNotKept(Engine engine) throws Exception {
    var names = section(1, bytes(number(1_000_000), repeat(new byte[] {4, 0}, 1_000_000)));
    var wasm = bytes(NamedModule.wasm(names), custom("name", names));
    var module = new Fixture(engine).host().load(Fixture.address(wasm), wasm);
    assertEquals(List.of(), module.wasm().customSections());
  }

  @ParameterizedTest
  @EnumSource
  void compilersOfCAndRustNeedNotStrip(Engine engine) throws Exception {
    assertTrue(call(engine, Fixture.wasm("c_unstripped"), "echo").joinedText().contains("so so"));
    assertTrue(
        call(engine, Fixture.wasm("rust_unstripped"), "words").joinedText().contains("so 2"));
  }

  @Test
  void failuresOfTheHostAreReportedAsIncidents() throws Exception {
    CodeStore broken =
        new CodeStore() {
          @Override
          public Optional<byte[]> find(String address, String engine) {
            return Optional.empty();
          }

          @Override
          public void keep(String address, String engine, byte[] code) {
            throw new ClassCastException("a fault of this host");
          }
        };
    var host = new Fixture(Engine.COMPILED, Fixture.NO_HTTP, broken);
    var failed = assertThrows(ApiException.class, () -> host.load("count"));
    assertEquals(ErrorCode.INTERNAL, failed.code());
    var sentence = String.valueOf(failed.getMessage());
    assertTrue(sentence.contains("incident"), sentence);
    assertFalse(sentence.contains("malformed"), sentence);
    assertFalse(sentence.contains("a fault of this host"), sentence);
  }

  @Test
  void aStackTooDeepForTheCompilerIsInterpreted() throws Exception {
    var deep = 40_000;
    var code = bytes(repeat(new byte[] {0x41, 0}, deep), repeat(new byte[] {0x1A}, deep));
    var wasm = CompileCases.servlet(CompileCases.NOTHING, code);
    var host = new Fixture(Engine.COMPILED).host();
    var module = host.load(Fixture.address(wasm), wasm);
    assertTrue(module.interpreted());
    var call = Fixture.call(ToolLog.NONE);
    assertEquals(
        ToolResult.error("The tool returned no answer."),
        host.call(module, Grant.NONE, "probe", call));
  }
}
