package dev.errand.tools.servlet.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.tools.port.Content;
import dev.errand.tools.port.ToolCall;
import dev.errand.tools.port.ToolLog;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.servlet.abi.InvalidServletException;
import dev.errand.tools.servlet.limit.Grant;
import dev.errand.tools.servlet.module.Engine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class ServletHostTest {
  @ParameterizedTest
  @EnumSource
  void describedToolsAreRead(Engine engine) throws Exception {
    var fixture = new Fixture(engine);
    var tools = fixture.host().describe(fixture.load("count"));
    assertEquals(1, tools.size());
    assertEquals("probe", tools.get(0).name());
    assertEquals("Probes its host.", tools.get(0).description());
    assertEquals("{\"type\":\"object\"}", tools.get(0).inputSchema().toString());
  }

  @ParameterizedTest
  @CsvSource({
    "command,00000004",
    "constructors,00000007",
    "reactor,00000008",
    "haskell,00000006",
    "exit_ok,00000005"
  })
  void everyKindOfModuleIsStartedInItsWay(String name, String answer) throws Exception {
    for (var engine : Engine.values()) {
      assertEquals(ToolResult.text(answer), new Fixture(engine).call(name));
    }
  }

  @ParameterizedTest
  @EnumSource
  void failuresAreResultsThatSayWhy(Engine engine) throws Exception {
    var fixture = new Fixture(engine);
    var sentences =
        Map.of(
            "error", "the moon is full",
            "error_silent", "failed with code 7",
            "exit_bad", "failed with code 3",
            "unreachable", "crashed",
            "divide", "crashed",
            "memory_outside", "out of bounds",
            "abort", "crashed: Wrong (a.ts:12:34)",
            "output_none", "returned no answer",
            "output_text", "is not JSON: tools",
            "grow_memory_crash", "more memory than its limit of 64 MiB");
    for (var entry : sentences.entrySet()) {
      var result = fixture.call(entry.getKey());
      assertTrue(result.isError(), entry.getKey());
      assertTrue(result.joinedText().contains(entry.getValue()), result::joinedText);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anErrorThatIsSetIsAFailureWhateverTheCode(Engine engine) throws Exception {
    var expected = ToolResult.error("the moon is full");
    assertEquals(expected, new Fixture(engine).call("error"));
    assertEquals(expected, new Fixture(engine).call("error_returned"));
  }

  @ParameterizedTest
  @EnumSource
  void anExitBeforeTheCallIsAFailureThatSaysSo(Engine engine) throws Exception {
    var fixture = new Fixture(engine);
    var sentence =
        "The tool exited with code 0 in _initialize, which runs before each call; only the call"
            + " itself may exit.";
    assertEquals(ToolResult.error(sentence), fixture.call("exit_initialize"));
    var module = fixture.load("exit_initialize");
    var refused =
        assertThrows(InvalidServletException.class, () -> fixture.host().describe(module));
    assertEquals("The servlet's \"describe\" failed: " + sentence, refused.getMessage());
  }

  @ParameterizedTest
  @EnumSource
  void contentOfEveryKindIsRead(Engine engine) throws Exception {
    var result = new Fixture(engine).call("output_kinds");
    assertTrue(result.isError());
    assertEquals(
        List.of(
            new Content.Text("a\uFFFDb"),
            new Content.Image("AAAA", "image/png"),
            new Content.Described(
                "The resource x:y (text/plain):\ninside",
                (ObjectNode)
                    new ObjectMapper()
                        .readTree(
                            "{\"type\":\"resource\",\"resource\":{\"uri\":\"x:y\",\"text\":\"inside\"}}")),
            new Content.Text(
                "[Audio of the type application/octet-stream, 3 bytes, which can't be shown.]"),
            new Content.Text("\uFFFD")),
        result.content());
  }

  @ParameterizedTest
  @EnumSource
  void inputArrivesWholeByBytesAndByEights(Engine engine) throws Exception {
    var fixture = new Fixture(engine);
    var lines = new ArrayList<String>();
    var call =
        new ToolCall(
            "call_1",
            Fixture.arguments(Map.of("q", "é\ud800")),
            Instant.MAX,
            (level, line) -> lines.add(level + " " + line));
    var result = fixture.host().call(fixture.load("input_echo"), Grant.NONE, "probe", call);
    assertFalse(result.isError());
    var input =
        "{\"method\":\"tools/call\",\"params\":{\"name\":\"probe\",\"arguments\":{\"q\":\"é\uFFFD\"}}}";
    assertEquals(List.of("50 " + input), lines);
  }

  @ParameterizedTest
  @EnumSource
  void settingsAreReadAndNotShown(Engine engine) throws Exception {
    var grant = Fixture.grant(List.of(), Map.of("answer", "{\"content\":[]}"));
    assertFalse(grant.toString().contains("content"));
    var result = new Fixture(engine).call("config_echo", grant, ToolLog.NONE);
    assertEquals(new ToolResult(List.of(), false), result);
    assertTrue(new Fixture(engine).call("config_echo").isError());
  }

  @ParameterizedTest
  @EnumSource
  void aSettingWithoutTextIsNotAMissingOne(Engine engine) throws Exception {
    var fixture = new Fixture(engine);
    for (var setting : Map.of("", "00000100", "four", "00000104").entrySet()) {
      var grant = Fixture.grant(List.of(), Map.of("answer", setting.getKey()));
      assertEquals(
          ToolResult.text(setting.getValue()), fixture.call("config_length", grant, ToolLog.NONE));
    }
    assertEquals(ToolResult.text("00000000"), fixture.call("config_length"));
  }

  /** Two functions that count down from 200,001 by calling each other, and end in a third. */
  @ParameterizedTest
  @EnumSource
  void tailCallsTakeNoStack(Engine engine) throws Exception {
    var wasm =
        HexFormat.of()
            .parseHex(
                "0061736d01000000010e036000017f60017f017f6000017e"
                    + "0220010f65787469736d3a686f73742f656e760c696e7075745f6c656e6774680002"
                    + "030706000001010102"
                    + "07130208646573637269626500010463616c6c0002"
                    + "0a4306040041000b"
                    + "0b0010061a41c19a0c10030b"
                    + "1200200045044041070f0b200041016b12040b"
                    + "13002000450440410012050b200041016b12030b"
                    + "040041090b"
                    + "040012000b");
    var host = new Fixture(engine).host();
    var module = host.load(Fixture.address(wasm), wasm);
    assertTrue(module.interpreted());
    var result = host.call(module, Grant.NONE, "probe", Fixture.call(ToolLog.NONE));
    assertTrue(result.joinedText().contains("failed with code 9"), result::joinedText);
  }

  @ParameterizedTest
  @EnumSource
  void wasiReachesNothingButClocksRandomNumbersAndTheLog(Engine engine) throws Exception {
    var lines = new ArrayList<String>();
    var result =
        new Fixture(engine)
            .call("wasi", Grant.NONE, (level, line) -> lines.add(level + " " + line));
    assertEquals(ToolResult.text("00008800"), result);
    assertEquals(List.of("30 tools"), lines);
  }
}
