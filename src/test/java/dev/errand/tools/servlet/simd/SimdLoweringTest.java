package dev.errand.tools.servlet.simd;

import static dev.errand.tools.servlet.module.WasmBytes.body;
import static dev.errand.tools.servlet.module.WasmBytes.bytes;
import static dev.errand.tools.servlet.module.WasmBytes.header;
import static dev.errand.tools.servlet.module.WasmBytes.number;
import static dev.errand.tools.servlet.module.WasmBytes.repeat;
import static dev.errand.tools.servlet.module.WasmBytes.section;
import static dev.errand.tools.servlet.module.WasmBytes.vector;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.wasm.Parser;
import dev.errand.tools.servlet.abi.InvalidServletException;
import dev.errand.tools.servlet.host.Attack;
import dev.errand.tools.servlet.host.Fixture;
import dev.errand.tools.servlet.module.BoundedInterpreter;
import dev.errand.tools.servlet.module.CompiledCode;
import dev.errand.tools.servlet.module.Engine;
import dev.errand.tools.servlet.module.ModuleScan;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Modules with SIMD, which this host replaces by other instructions. */
@Timeout(120)
class SimdLoweringTest {
  @ParameterizedTest
  @EnumSource
  void eachInstructionComputesWhatV8Computes(Engine engine) throws Exception {
    var wasm = lowered("simd_instructions");
    var module = Parser.parse(wasm);
    var code =
        switch (engine) {
          case COMPILED -> CompiledCode.of(module, Set.of());
          case INTERPRETED ->
              new CompiledCode(BoundedInterpreter::new, CompiledCode.Reach.NONE, new byte[0]);
        };
    assertTrue(code.reach() != CompiledCode.Reach.PART);
    var instance = Instance.builder(module).withMachineFactory(code.machine()).build();
    var wrong = new ArrayList<String>();
    for (var line : results()) {
      var parts = line.split(" ", 2);
      var result = "%016x".formatted(instance.export(parts[1]).apply()[0]);
      if (!result.equals(parts[0])) {
        wrong.add(parts[1]);
      }
    }
    assertEquals(List.of(), wrong);
  }

  private static List<String> results() throws Exception {
    try (var in = Fixture.class.getResourceAsStream("/servlets/simd_instructions.txt")) {
      assertTrue(in != null);
      var lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      assertEquals(385, lines.size());
      return lines;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aModuleComputesTheSameWithAndWithoutSimd(Engine engine) throws Exception {
    var fixture = new Fixture(engine);
    assertFalse(fixture.call("c_simd").isError());
    assertEquals(fixture.call("c_sha256"), fixture.call("c_simd"));
    assertEquals(engine == Engine.INTERPRETED, fixture.load("c_simd").interpreted());
  }

  @ParameterizedTest
  @ValueSource(strings = {"go_probe", "rust_words", "c_sha256", "as_probe", "too_large", "dirty"})
  void aModuleWithoutSimdStaysAsItIs(String name) throws Exception {
    assertTrue(SimdLowering.of(Fixture.wasm(name), Fixture.limits()).isEmpty());
  }

  @ParameterizedTest
  @EnumSource
  void aLoopOverVectorsIsStopped(Engine engine) throws Exception {
    new Attack(engine, "loop_simd").isStoppedAtItsTime();
  }

  @ParameterizedTest
  @EnumSource
  void vectorsBehindTheMemoryAreRefused(Engine engine) throws Exception {
    for (var name : List.of("simd_outside", "simd_store_outside", "simd_offset_outside")) {
      new Attack(engine, name).failsWith("out of bounds");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRecursionWithVectorsEnds(Engine engine) throws Exception {
    new Attack(engine, "recurse_simd").failsAndLeavesTheHeapAsItWas("called itself too deeply");
  }

  /** Functions whose only vectors are the results of others, and blocks with high types. */
  @ParameterizedTest
  @ValueSource(ints = {0, 60, 62, 63, 97, 125})
  void operandsAndBlocksWithVectorsStayValid(int moreTypes) throws Exception {
    var constant = bytes(code(0xFD, 0x0C), new byte[16]);
    var types =
        bytes(
            number(2 + moreTypes),
            code(0x60, 0, 1, 0x7B),
            code(0x60, 0, 0),
            repeat(code(0x60, 0, 0), moreTypes));
    var wasm =
        bytes(
            header(),
            section(1, types),
            section(3, vector(code(0), code(1), code(1), code(1))),
            section(
                10,
                vector(
                    body(0, 0, constant),
                    body(0, 0, code(0x10, 0, 0x1A)),
                    body(0, 0, code(0x10, 0, 0x10, 0, 0x41, 0, 0x1B, 0x1A)),
                    body(0, 0, code(0x02, 0x7B), constant, code(0x0B, 0x1A)))));
    var lowered = SimdLowering.of(wasm, Fixture.limits()).orElseThrow();
    var _ = ModuleScan.check(lowered, Fixture.limits());
    var module = Parser.parse(lowered);
    var code = CompiledCode.of(module, Set.of());
    var instance = Instance.builder(module).withMachineFactory(code.machine()).build();
    for (var function = 1; function <= 3; function++) {
      var _ = instance.getMachine().call(function, new long[0]);
    }
  }

  /** Calls whose results pile up, 60 million of them in code of 120 KB. */
  @Test
  void aModuleThatIsTooMuchToReplaceIsLeftToTheScan() throws Exception {
    var results = repeat(code(0x7B), 1_000);
    var wasm =
        bytes(
            header(),
            section(1, vector(bytes(code(0x60, 0), number(1_000), results), code(0x60, 0, 0))),
            section(3, vector(code(0), code(1))),
            section(
                10,
                vector(
                    body(0, 0, code(0x00)),
                    body(0, 0, repeat(code(0x10, 0), 60_000), code(0x00)))));
    assertTrue(SimdLowering.of(wasm, Fixture.limits()).isEmpty());
    assertThrows(InvalidServletException.class, () -> ModuleScan.check(wasm, Fixture.limits()));
  }

  private static byte[] code(int... values) {
    var bytes = new byte[values.length];
    for (var i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  @Test
  void onlyTheFunctionsThatAreNeededAreAdded() throws Exception {
    var wasm = lowered("loop_simd");
    var added = Parser.parse(wasm).functionSection().functionCount();
    var own = Parser.parse(Fixture.wasm("loop_simd")).functionSection().functionCount();
    // i32x4.add; the others are replaced in place.
    assertEquals(own + 1, added);
    assertTrue(SimdLowering.of(wasm, Fixture.limits()).isEmpty());
  }

  private static byte[] lowered(String name) throws Exception {
    return SimdLowering.of(Fixture.wasm(name), Fixture.limits()).orElseThrow();
  }
}
