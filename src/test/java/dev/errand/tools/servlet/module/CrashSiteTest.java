package dev.errand.tools.servlet.module;

import static dev.errand.tools.servlet.module.WasmBytes.body;
import static dev.errand.tools.servlet.module.WasmBytes.bytes;
import static dev.errand.tools.servlet.module.WasmBytes.custom;
import static dev.errand.tools.servlet.module.WasmBytes.header;
import static dev.errand.tools.servlet.module.WasmBytes.name;
import static dev.errand.tools.servlet.module.WasmBytes.number;
import static dev.errand.tools.servlet.module.WasmBytes.repeat;
import static dev.errand.tools.servlet.module.WasmBytes.section;
import static dev.errand.tools.servlet.module.WasmBytes.store;
import static dev.errand.tools.servlet.module.WasmBytes.vector;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.tools.port.ToolLog;
import dev.errand.tools.servlet.abi.InvalidServletException;
import dev.errand.tools.servlet.host.Fixture;
import dev.errand.tools.servlet.limit.Grant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The error of a crashed servlet names the function and the offset for its author. */
class CrashSiteTest {
  private static final byte[] UNREACHABLE = {0x00};

  /** A return_call to itself is interpreted even where the rest is compiled. */
  private static final byte[] TAIL_CALL_OR_UNREACHABLE = {
    0x00, 0x12, 4,
  };

  @ParameterizedTest
  @EnumSource
  void aCrashNamesTheFunctionAndItsCallers(Engine engine) throws Exception {
    assertEquals(
        "The tool crashed: Trapped on unreachable instruction. It was in parse_number, called by"
            + " read_arguments, by call.",
        crash(engine, bytes(module(UNREACHABLE), custom("name", names()))));
  }

  @Test
  void aCrashWithoutNamesSaysWhereTheCodeIsAndWhatIsExported() throws Exception {
    var wasm = module(UNREACHABLE);
    // The last function is one byte of locals, the instruction and the end.
    var begin = wasm.length - 3;
    assertEquals(
        "The tool crashed: Trapped on unreachable instruction. It was in function 4, whose code"
            + " begins at offset 0x%x, called by function 3, by call.".formatted(begin),
        crash(Engine.COMPILED, wasm));
    assertEquals(
        "The tool crashed: Trapped on unreachable instruction. It was in function 4, at offset 0x%x,"
                .formatted(begin + 1)
            + " called by function 3, by call.",
        crash(Engine.INTERPRETED, wasm));
  }

  @Test
  void aCrashInAFunctionThatIsInterpretedAmongCompiledOnesIsFound() throws Exception {
    var wasm = bytes(module(TAIL_CALL_OR_UNREACHABLE), custom("name", names()));
    assertEquals(
        "The tool crashed: Trapped on unreachable instruction. It was in parse_number, called by"
            + " read_arguments, by call.",
        crash(Engine.COMPILED, wasm));
  }

  @ParameterizedTest
  @EnumSource
  void aRecursionNamesItsFunctionsOnce(Engine engine) throws Exception {
    var wasm = bytes(module(new byte[] {0x10, 4}), custom("name", names()));
    var text = crash(engine, wasm);
    assertTrue(
        text.startsWith("The tool crashed: it called itself too deeply. It was in parse_number"),
        text);
    assertEquals(1, text.split("parse_number", -1).length - 1, text);
  }

  @ParameterizedTest
  @CsvSource({
    "_ZN4note12parse_amount17h0123456789abcdefE, note::parse_amount",
    "_ZN4note5closeE, note::close",
    "_ZN4note99shortE, _ZN4note99shortE",
    "_ZN4noteE4, _ZN4noteE4",
    "_ZN4note999999999999shortE, _ZN4note999999999999shortE",
    "plain, plain"
  })
  void aMangledNameIsShownAsItsAuthorWroteIt(String name, String shown) throws Exception {
    var names = section(1, vector(bytes(number(4), name(name))));
    var text = crash(Engine.COMPILED, bytes(module(UNREACHABLE), custom("name", names)));
    assertTrue(text.contains("It was in " + shown + ", called by function 3"), text);
  }

  @ParameterizedTest
  @EnumSource
  void namesThatAreMalformedAreNone(Engine engine) throws Exception {
    var wasm = bytes(module(UNREACHABLE), custom("name", section(1, number(0x7FFF_FFF0L))));
    assertTrue(crash(engine, wasm).contains("It was in function 4, "), crash(engine, wasm));
  }

  @Test
  void anExportThatCrashesSaysWhereItsCodeIs() throws Exception {
    var text = crash(Engine.COMPILED, Fixture.wasm("unreachable"));
    assertTrue(text.contains("It was in call, whose code begins at offset 0x"), text);
    text = crash(Engine.INTERPRETED, Fixture.wasm("unreachable"));
    assertTrue(text.contains("It was in call, at offset 0x"), text);
  }

  @ParameterizedTest
  @EnumSource
  void aNameGoesBeforeThatOfAnExport(Engine engine) throws Exception {
    var names = section(1, vector(bytes(number(2), name("main.tool"))));
    var text = crash(engine, bytes(module(UNREACHABLE), custom("name", names)));
    assertTrue(text.endsWith(", called by function 3, by main.tool."), text);
  }

  @ParameterizedTest
  @EnumSource
  void aCrashOfTheDescriptionQuotesTheEndOfTheLog(Engine engine) throws Exception {
    var host = new Fixture(engine).host();
    var wasm = logging();
    var module = host.load(Fixture.address(wasm), wasm);
    var refused = assertThrows(InvalidServletException.class, () -> host.describe(module));
    var sentence = String.valueOf(refused.getMessage());
    assertTrue(
        sentence.startsWith("The servlet's \"describe\" failed: The tool crashed: "), sentence);
    assertTrue(sentence.endsWith(". Its log ends with:\nanswer"), sentence);
  }

  @ParameterizedTest
  @CsvSource({"s3cret-value, ***", "s3cret, s3cret"})
  void aCrashQuotesTheLogWithoutSettings(String setting, String quoted) throws Exception {
    var lines = new ArrayList<String>();
    var host = new Fixture(Engine.COMPILED).host();
    var wasm = logging();
    var module = host.load(Fixture.address(wasm), wasm);
    var grant = Fixture.grant(List.of(), Map.of("answer", setting));
    var failed =
        host.call(module, grant, "probe", Fixture.call((level, line) -> lines.add(line)))
            .joinedText();
    assertEquals(List.of(setting), lines);
    assertTrue(failed.endsWith(". Its log ends with:\n" + quoted), failed);
  }

  @Test
  void onlyTheEndOfALogIsQuoted() throws Exception {
    var host = new Fixture(Engine.COMPILED, "log-lines", "1").host();
    var block = new byte[] {0x42, 8, 0x10, 0, 0x21, 0};
    var lines = new ArrayList<byte[]>(List.of(block));
    for (var i = 0; i < 30; i++) {
      lines.add(
          bytes(store(1, 0, "line %3d".formatted(i)), new byte[] {0x20, 0}, new byte[] {0x10, 2}));
    }
    var wasm = logging(bytes(bytes(lines.toArray(byte[][]::new)), UNREACHABLE));
    var module = host.load(Fixture.address(wasm), wasm);
    var failed = host.call(module, Grant.NONE, "probe", Fixture.call(ToolLog.NONE)).joinedText();
    var quoted = failed.split("\n", -1);
    assertEquals(21, quoted.length, failed);
    assertEquals("line  10", quoted[1]);
    assertEquals("line  29", quoted[20]);
  }

  /** Its description logs a word and crashes, its tool logs the setting of that name. */
  private static byte[] logging() {
    return logging(
        bytes(
            new byte[] {0x42, 6, 0x10, 0, 0x21, 0},
            store(1, 0, "answer"),
            new byte[] {0x20, 0, 0x10, 3, 0x10, 2},
            UNREACHABLE));
  }

  private static byte[] logging(byte[] call) {
    var host = name("extism:host/env");
    var describe =
        bytes(
            new byte[] {0x42, 6, 0x10, 0, 0x21, 0},
            store(1, 0, "answer"),
            new byte[] {0x20, 0, 0x10, 2},
            UNREACHABLE);
    return bytes(
        header(),
        section(
            1,
            vector(
                new byte[] {0x60, 0, 0},
                new byte[] {0x60, 1, 0x7E, 1, 0x7E},
                new byte[] {0x60, 2, 0x7E, 0x7E, 0},
                new byte[] {0x60, 1, 0x7E, 0})),
        section(
            2,
            vector(
                bytes(host, name("alloc"), new byte[] {0, 1}),
                bytes(host, name("store_u64"), new byte[] {0, 2}),
                bytes(host, name("log_error"), new byte[] {0, 3}),
                bytes(host, name("config_get"), new byte[] {0, 1}))),
        section(3, new byte[] {2, 0, 0}),
        section(
            7,
            vector(
                bytes(name("describe"), new byte[] {0, 4}),
                bytes(name("call"), new byte[] {0, 5}))),
        section(10, vector(body(1, 0x7E, describe), body(1, 0x7E, call))));
  }

  private static String crash(Engine engine, byte[] wasm) throws Exception {
    var host = new Fixture(engine).host();
    var module = host.load(Fixture.address(wasm), wasm);
    return host.call(module, Grant.NONE, "probe", Fixture.call(ToolLog.NONE)).joinedText();
  }

  /** Function 2 is the tool; it calls 3, that calls 4, which has this code. */
  private static byte[] module(byte[] code) {
    return bytes(
        header(),
        section(1, vector(new byte[] {0x60, 0, 0})),
        section(2, vector(bytes(name("extism:host/env"), name("reset"), new byte[] {0, 0}))),
        section(3, bytes(number(4), repeat(new byte[] {0}, 4))),
        section(
            7,
            vector(
                bytes(name("describe"), new byte[] {0, 1}),
                bytes(name("call"), new byte[] {0, 2}))),
        section(
            10,
            vector(
                body(0, 0),
                body(0, 0, new byte[] {0x10, 3}),
                body(0, 0, new byte[] {0x10, 4}),
                body(0, 0, code))));
  }

  private static byte[] names() {
    return bytes(
        section(0, name("plugin")),
        section(
            1,
            vector(
                bytes(number(2), name("call")),
                bytes(number(3), name("read_arguments")),
                bytes(number(4), name("parse_number")))));
  }
}
