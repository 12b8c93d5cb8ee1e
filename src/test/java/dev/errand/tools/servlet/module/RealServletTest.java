package dev.errand.tools.servlet.module;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.tools.port.ToolCall;
import dev.errand.tools.port.ToolLog;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.servlet.host.Fixture;
import dev.errand.tools.servlet.limit.Grant;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class RealServletTest {
  private static ToolResult call(Fixture fixture, String name, String text, ToolLog log)
      throws Exception {
    var arguments = Fixture.arguments(Map.of("text", text));
    var call = new ToolCall("call_1", arguments, Instant.MAX, log);
    return fixture.host().call(fixture.load(name), Grant.NONE, "echo", call);
  }

  @ParameterizedTest
  @EnumSource
  void aReactorInCAnswersAndPrints(Engine engine) throws Exception {
    var fixture = new Fixture(engine);
    var tools = fixture.host().describe(fixture.load("c_echo"));
    assertTrue(tools.getFirst().inputSchema().path("properties").has("text"));
    var lines = new ArrayList<String>();
    var result = call(fixture, "c_echo", "grüß", (level, line) -> lines.add(line));
    assertEquals(
        "{\"method\":\"tools/call\",\"params\":{\"name\":\"echo\",\"arguments\":{\"text\":\"grüß\"}}}",
        result.joinedText());
    assertEquals(1, lines.size());
    assertTrue(lines.getFirst().startsWith("called with"));
  }

  @ParameterizedTest
  @EnumSource
  void aLibraryInRustAnswersAndItsPanicIsAFailure(Engine engine) throws Exception {
    var fixture = new Fixture(engine);
    assertEquals("words", fixture.host().describe(fixture.load("rust_words")).getFirst().name());
    var result = call(fixture, "rust_words", "so so well", ToolLog.NONE);
    assertEquals(
        "arguments 1, call 1, echo 1, method 1, name 1, params 1, so 2, text 1, tools 1, well 1",
        result.joinedText());
    var lines = new ArrayList<String>();
    var failed = call(fixture, "rust_words", "panic", (level, line) -> lines.add(line));
    assertTrue(failed.isError());
    assertTrue(String.join(" ", lines).contains("asked to panic"), lines::toString);
    assertTrue(
        failed.joinedText().contains(" Its log ends with:\n" + lines.getFirst() + "\n"),
        failed::joinedText);
    assertTrue(failed.joinedText().contains("\nasked to panic\n"), failed::joinedText);
  }

  @ParameterizedTest
  @EnumSource
  void onlyTheWasiFunctionsOfTheCLibraryAreProvided(Engine engine) throws Exception {
    var answer = new Fixture(engine).call("c_probe", "work", Grant.NONE, ToolLog.NONE);
    assertEquals(ToolResult.text("true true true true true false false false"), answer);
  }

  @ParameterizedTest
  @CsvSource({"c_probe,1", "c_command,1", "tinygo_command,0", "tinygo_reactor,1"})
  void blocksAreWhatTheyWereSetToUntilAResetAndTheRuntimeIsSetUpAsElsewhere(String name, int setUps)
      throws Exception {
    for (var engine : Engine.values()) {
      var answer = new Fixture(engine).call(name, "blocks", Grant.NONE, ToolLog.NONE);
      assertEquals(ToolResult.text("true true true true " + setUps), answer);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theRuntimeOfAssemblyScriptIsSeededAndCollectsItsGarbage(Engine engine) throws Exception {
    var fixture = new Fixture(engine);
    var answer = fixture.call("as_probe", "work", Grant.NONE, ToolLog.NONE);
    assertEquals(ToolResult.text("3000 true"), answer);
    var crashed = fixture.call("as_probe", "crash", Grant.NONE, ToolLog.NONE);
    assertTrue(
        crashed.joinedText().startsWith("The tool crashed: asked to crash:  (probe.ts:"),
        crashed::joinedText);
  }

  @ParameterizedTest
  @EnumSource
  void theKitForAssemblyScriptReadsItsInputAndItsSettings(Engine engine) throws Exception {
    var fixture = new Fixture(engine);
    assertEquals("greet", fixture.host().describe(fixture.load("as_pdk")).getFirst().name());
    var grant = Fixture.grant(List.of(), Map.of("greeting", "Dobrý den"));
    assertEquals(
        ToolResult.text("Dobrý den, 64"), fixture.call("as_pdk", "greet", grant, ToolLog.NONE));
    assertEquals(ToolResult.text("Hello, 64"), fixture.call("as_pdk"));
  }

  @ParameterizedTest
  @EnumSource
  void theRuntimeOfGoHasItsGoroutinesTimersAndCollector(Engine engine) throws Exception {
    var answer = new Fixture(engine).call("go_probe", "work", Grant.NONE, ToolLog.NONE);
    assertEquals(ToolResult.text("1045 true true 0 0"), answer);
  }

  @ParameterizedTest
  @EnumSource
  void aCommandInGoNeedsItsMainToHaveExited(Engine engine) throws Exception {
    var fixture = new Fixture(engine);
    assertEquals("started", fixture.host().describe(fixture.load("go_command")).getFirst().name());
    assertEquals(ToolResult.text("1"), fixture.call("go_command"));
    assertEquals(ToolResult.text("1"), fixture.call("go_command"));
  }
}
