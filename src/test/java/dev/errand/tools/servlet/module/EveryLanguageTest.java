package dev.errand.tools.servlet.module;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.egress.client.GuardedHttp;
import dev.errand.tools.port.ToolCall;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.servlet.host.Fixture;
import dev.errand.tools.servlet.limit.Grant;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The same tools, written in each language, do the same with what the host lends them. */
@Timeout(120)
@ParameterizedClass
@MethodSource("modules")
class EveryLanguageTest {
  private static final String TEXT = "grüß \"Gott\" 🦉";
  private static final Grant GRANT =
      Fixture.grant(List.of("example.test"), Map.of("greeting", "žluť 馬"));

  private static final List<GuardedHttp.Request> REQUESTS = new ArrayList<>();
  private static @Nullable Fixture fixture;

  private final String name;
  private final List<String> lines = new ArrayList<>();

  EveryLanguageTest(String name, Engine engine) {
    this.name = name;
  }

  static Stream<Arguments> modules() {
    return Stream.of(
            "go_probe", "as_probe", "c_probe", "c_command", "tinygo_command", "tinygo_reactor")
        .flatMap(name -> Stream.of(Engine.values()).map(engine -> Arguments.of(name, engine)));
  }

  @BeforeParameterizedClassInvocation
  static void start(String name, Engine engine) throws Exception {
    fixture = new Fixture(engine, EveryLanguageTest::answer);
    assertEquals(engine == Engine.INTERPRETED, fixture.load(name).interpreted());
  }

  @AfterParameterizedClassInvocation
  static void letGo() {
    fixture = null;
  }

  @BeforeEach
  void forgetRequests() {
    REQUESTS.clear();
  }

  private static GuardedHttp.Answer answer(GuardedHttp.Request request) {
    REQUESTS.add(request);
    return new GuardedHttp.Answer(
        201,
        Map.of("X-Answer", List.of("ja", "да")),
        "{\"réponse\": \"🦉\"}".getBytes(StandardCharsets.UTF_8),
        URI.create(request.url()));
  }

  private ToolResult call(String tool) throws Exception {
    var used = fixture;
    if (used == null) {
      throw new IllegalStateException("not started");
    }
    var arguments = Fixture.arguments(Map.of("text", TEXT, "url", "http://example.test/ü?q=1"));
    var call =
        new ToolCall(
            "call_1", arguments, Instant.MAX, (level, line) -> lines.add(level + " " + line));
    return used.host().call(used.load(name), GRANT, tool, call);
  }

  @Test
  void itDescribesItsTools() throws Exception {
    var used = fixture;
    assertTrue(used != null);
    var names =
        used.host().describe(used.load(name)).stream()
            .map(tool -> tool.name())
            .collect(Collectors.toSet());
    assertTrue(
        names.containsAll(Set.of("echo", "get", "vars", "logs", "fail", "crash")), names::toString);
  }

  @Test
  void itReadsItsInputAndItsSettingsAndNoOthers() throws Exception {
    assertEquals(ToolResult.text("žluť 馬 " + TEXT + " 13 true false"), call("echo"));
  }

  @Test
  void itSendsARequestAndReadsStatusHeadersAndBody() throws Exception {
    assertEquals(ToolResult.text("201 ja, да {\"réponse\": \"🦉\"}"), call("get"));
    var request = REQUESTS.getFirst();
    assertEquals("POST", request.method());
    assertEquals("http://example.test/ü?q=1", request.url());
    assertEquals(Map.of("X-Probe", TEXT), request.headers());
    assertEquals(TEXT, new String(request.body(), StandardCharsets.UTF_8));
  }

  @Test
  void itKeepsVariablesAndForgetsThem() throws Exception {
    for (var i = 0; i < 2; i++) {
      assertEquals(ToolResult.text("false " + TEXT + " false"), call("vars"));
    }
  }

  @Test
  void itLogsAtEveryLevelAndPrints() throws Exception {
    assertEquals(ToolResult.text("2"), call("logs"));
    var logged = List.of("10 " + TEXT, "20 " + TEXT, "30 " + TEXT, "40 " + TEXT, "50 " + TEXT);
    assertEquals(logged, lines.subList(0, 5));
    assertEquals(List.of("30 printed " + TEXT, "30 complained " + TEXT), lines.subList(5, 7));
  }

  @Test
  void itsErrorIsWhatTheModelReads() throws Exception {
    assertEquals(ToolResult.error("no " + TEXT + " today"), call("fail"));
  }

  @Test
  void itsCrashIsAFailureAndTheNextCallIsUnharmed() throws Exception {
    var result = call("crash");
    assertTrue(result.isError());
    // In C, and as TinyGo was told, a crash prints nothing.
    var prints = name.equals("go_probe") || name.equals("as_probe");
    assertEquals(
        prints, result.joinedText().contains("asked to crash: " + TEXT), result::joinedText);
    assertFalse(call("echo").isError());
  }
}
