package dev.errand.tools.servlet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.egress.client.GuardedHttp;
import dev.errand.tools.port.ToolCall;
import dev.errand.tools.port.ToolLog;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.port.ToolSpec;
import dev.errand.tools.servlet.host.ServletHost;
import dev.errand.tools.servlet.limit.Grant;
import dev.errand.tools.servlet.limit.Limits;
import dev.errand.tools.servlet.limit.ServletConfig;
import dev.errand.tools.servlet.module.CodeStore;
import dev.errand.tools.servlet.module.Engine;
import dev.errand.tools.servlet.module.PrebuiltModules;
import dev.errand.tools.servlet.module.ServletModule;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tools of the bundled servlets, from the bytes that are shipped. */
@Timeout(180)
class BundledToolsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final GuardedHttp NO_HTTP =
      request -> {
        throw new IOException("no network in this test");
      };
  private static final Map<Engine, ServletHost> HOSTS = new EnumMap<>(Engine.class);

  private static ServletHost host(Engine engine) {
    return HOSTS.computeIfAbsent(
        engine, e -> new ServletHost(limits(), NO_HTTP, e, PrebuiltModules.NONE, CodeStore.NONE));
  }

  private static Limits limits() {
    return Limits.of(
        new SmallRyeConfigBuilder()
            .withMapping(ServletConfig.class)
            .withConverter(MemorySize.class, 100, new MemorySizeConverter())
            // What is asked here is what they answer; the interpreter is slow on a busy machine.
            .withDefaultValue("errand.servlet.wall-time", "PT5M")
            .build()
            .getConfigMapping(ServletConfig.class));
  }

  private static ServletModule load(Engine engine, String servlet) throws Exception {
    var wasm = Files.readAllBytes(Path.of("src/main/resources/servlets", servlet + ".wasm"));
    var digest = MessageDigest.getInstance("SHA-256").digest(wasm);
    return host(engine).load(HexFormat.of().formatHex(digest), wasm);
  }

  private static ToolResult call(Engine engine, String servlet, String tool, Object... arguments)
      throws Exception {
    ObjectNode node = JSON.createObjectNode();
    for (var i = 0; i < arguments.length; i += 2) {
      node.set((String) arguments[i], JSON.valueToTree(arguments[i + 1]));
    }
    var call = new ToolCall("call_1", node, Instant.MAX, ToolLog.NONE);
    return host(engine).call(load(engine, servlet), Grant.NONE, tool, call);
  }

  private static String answer(Engine engine, String servlet, String tool, Object... arguments)
      throws Exception {
    var result = call(engine, servlet, tool, arguments);
    assertFalse(result.isError(), result::joinedText);
    return result.joinedText();
  }

  private static String firstLine(Engine engine, String servlet, String tool, Object... arguments)
      throws Exception {
    return answer(engine, servlet, tool, arguments).lines().findFirst().orElseThrow();
  }

  private static void refused(
      String part, Engine engine, String servlet, String tool, Object... arguments)
      throws Exception {
    var result = call(engine, servlet, tool, arguments);
    assertTrue(result.isError(), result::joinedText);
    assertTrue(result.joinedText().contains(part), result::joinedText);
  }

  @ParameterizedTest
  @EnumSource
  void everyToolIsDescribedToTheLastArgument(Engine engine) throws Exception {
    var expected =
        Map.of(
            "calc", List.of("calculate"),
            "time", List.of("now", "convert", "add", "between"),
            "json", List.of("query", "reshape"));
    for (var entry : expected.entrySet()) {
      var tools = host(engine).describe(load(engine, entry.getKey()));
      assertEquals(entry.getValue(), tools.stream().map(ToolSpec::name).toList());
      for (var tool : tools) {
        var schema = tool.inputSchema();
        assertFalse(schema.path("additionalProperties").asBoolean(true), tool.name());
        for (var property : schema.path("properties").properties()) {
          assertFalse(property.getValue().path("description").asText().isBlank(), tool.name());
        }
        refused("Unknown arguments: nope.", engine, entry.getKey(), tool.name(), "nope", 1);
      }
      refused("There is no tool other", engine, entry.getKey(), "other");
    }
  }

  @ParameterizedTest
  @EnumSource
  void calculationsAreExactAndBounded(Engine engine) throws Exception {
    assertEquals("0.3", calculate(engine, "0.1 + 0.2"));
    assertEquals("1", calculate(engine, "1/3*3"));
    assertEquals(
        "2.67\n(rounded half to even to 2 digits after the point)",
        answer(engine, "calc", "calculate", "expression", "8/3", "scale", 2));
    assertEquals("1267650600228229401496703205376", calculate(engine, "2^100"));
    assertEquals(
        "1.41421", firstLine(engine, "calc", "calculate", "expression", "sqrt(2)", "scale", 5));
    assertEquals("1", calculate(engine, "(".repeat(199) + "1" + ")".repeat(199)));
    refused("more than 10000 digits", engine, "calc", "calculate", "expression", "9^9^9");
    refused("At character 4", engine, "calc", "calculate", "expression", "1 +");
    refused("nested more than 200", engine, "calc", "calculate", "expression", "-".repeat(9999));
    refused(
        "takes too long", engine, "calc", "calculate", "expression", "0" + "+9^9999%7".repeat(900));
    refused("must be an integer", engine, "calc", "calculate", "expression", "1", "scale", "2");
    assertEquals(9543, calculate(engine, "9^10000").length());
  }

  private static String calculate(Engine engine, String expression) throws Exception {
    return answer(engine, "calc", "calculate", "expression", expression);
  }

  @ParameterizedTest
  @EnumSource
  void theClockIsThatOfTheHost(Engine engine) throws Exception {
    var now = OffsetDateTime.parse(firstLine(engine, "time", "now"));
    assertTrue(Duration.between(now.toInstant(), Instant.now()).abs().toSeconds() < 60);
    var there = OffsetDateTime.parse(firstLine(engine, "time", "now", "timezone", "Asia/Kolkata"));
    assertEquals(19_800, there.getOffset().getTotalSeconds());
  }

  @ParameterizedTest
  @EnumSource
  void timesAgreeWithThoseOfTheJdk(Engine engine) throws Exception {
    var instant = Instant.parse("1975-01-15T10:30:00Z");
    for (var zone : List.of("Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Asia/Tokyo")) {
      for (var i = 0; i < 4; i++) {
        var time = instant.plus(i * 5111L, ChronoUnit.DAYS);
        var text = firstLine(engine, "time", "convert", "time", time.toString(), "to", zone);
        var expected = ZonedDateTime.ofInstant(time, ZoneId.of(zone)).toOffsetDateTime();
        assertEquals(expected, OffsetDateTime.parse(text), zone);
      }
    }
    assertEquals(
        "2024-02-29T10:00:00Z",
        firstLine(engine, "time", "add", "time", "2024-01-31T10:00:00Z", "duration", "P1M"));
    var gap =
        answer(
            engine,
            "time",
            "convert",
            "time",
            "2024-03-31T02:30",
            "from",
            "Europe/Berlin",
            "to",
            "UTC");
    assertTrue(gap.startsWith("2024-03-31T01:30:00Z") && gap.contains("does not exist"), gap);
    assertEquals(
        "P1M2DT3H",
        firstLine(engine, "time", "between", "start", "2024-01-15", "end", "2024-02-17T03:00"));
    refused("did you mean Europe/Berlin?", engine, "time", "now", "timezone", "Berlin");
    refused("must be a string", engine, "time", "now", "timezone", 1);
    refused("the month must be", engine, "time", "convert", "time", "2024-13-01", "to", "UTC");
    refused("no ISO 8601 duration", engine, "time", "add", "time", "2024-01-01", "duration", "1d");
  }

  @ParameterizedTest
  @EnumSource
  void valuesAreFoundInJsonAndTakeAnotherShape(Engine engine) throws Exception {
    var text = "{\"a\":[{\"n\":1.0},{\"n\":123456789012345678901234567890}]}";
    assertEquals(
        "[1.0,123456789012345678901234567890]",
        answer(engine, "json", "query", "json", text, "path", "$.a[*].n"));
    assertEquals(
        "[{\"n\":2}]",
        answer(
            engine,
            "json",
            "query",
            "json",
            List.of(Map.of("n", 1), Map.of("n", 2)),
            "path",
            "$[?@.n > 1]"));
    assertEquals(
        "1.0", answer(engine, "json", "query", "json", text, "path", "$.a[*].n", "first", true));
    assertEquals(
        "[[1.0],[123456789012345678901234567890]]",
        answer(
            engine,
            "json",
            "reshape",
            "json",
            text,
            "template",
            Map.of("$for", "$.a", "$each", List.of("$.n"))));
    refused("at line 1, column 6", engine, "json", "query", "json", "{\"a\":}", "path", "$");
    refused("at character 3", engine, "json", "query", "json", "{}", "path", "$.");
    refused("nested too deeply", engine, "json", "query", "json", "[".repeat(100_000), "path", "$");
    refused("is required", engine, "json", "reshape", "json", "{}");
    var many = "[" + "1,".repeat(20_000) + "1]";
    refused("takes too long", engine, "json", "query", "json", many, "path", "$[?$ == $]");
    refused(
        "larger than 1000000 bytes",
        engine,
        "json",
        "reshape",
        "json",
        many,
        "template",
        Map.of("$for", "$", "$each", "$root"));
  }
}
