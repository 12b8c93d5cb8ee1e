package dev.errand.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.errand.base.cloudevent.CloudEvent;
import dev.errand.base.cloudevent.CloudEvents;
import dev.errand.base.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The SAM template hangs together, and the events that it makes are those that are taken. */
class LambdaTemplateTest {
  private static final Path FILE = Path.of("deploy/lambda/template.yaml");

  private static String text = "";
  private static JsonNode template = JsonMapper.builder().build().nullNode();

  @BeforeAll
  static void read() throws Exception {
    text = Files.readString(FILE);
    template = new ObjectMapper(new YAMLFactory()).readTree(text);
  }

  @Test
  void everythingThatIsNamedIsThere() {
    Set<String> names = new HashSet<>();
    template.path("Parameters").fieldNames().forEachRemaining(names::add);
    template.path("Resources").fieldNames().forEachRemaining(names::add);
    // What SAM makes of events of the type HttpApi.
    names.add("ServerlessHttpApi");
    Set<String> used = new HashSet<>();
    find("!Ref ([A-Za-z]+)\\s", used);
    find("!GetAtt ([A-Za-z]+)\\.", used);
    find("\\$\\{([A-Za-z]+)(?:\\.[A-Za-z]+)?}", used);
    used.remove("process");
    used.removeIf(name -> name.equals("AWS"));
    assertTrue(names.containsAll(used), () -> used + " are not all among " + names);
    assertTrue(used.size() > 10, used::toString);
  }

  @Test
  void everyPropertyIsOneThatItsTypeHas() {
    List<String> unknown = new ArrayList<>();
    SamTypes.findUnknown(template, unknown);
    assertEquals(List.of(), unknown);
  }

  @Test
  void whatATypeDoesNotHaveIsFound() throws Exception {
    JsonNode wrong =
        new ObjectMapper(new YAMLFactory())
            .readTree(
                """
                Resources:
                  Errand:
                    Type: AWS::Serverless::Function
                    Properties:
                      Timeouts: 29
                      Events:
                        Tick:
                          Type: ScheduleV2
                          Properties:
                            Rate: 1
                  Bus:
                    Type: AWS::Events::Bus
                """);
    List<String> unknown = new ArrayList<>();
    SamTypes.findUnknown(wrong, unknown);
    assertEquals(
        List.of(
            "Resources.Errand.Timeouts",
            "Resources.Errand.Events.Tick.Rate",
            "Resources.Bus: AWS::Events::Bus"),
        unknown);
  }

  @Test
  void theTickIsARequestWithAnEvent() throws Exception {
    String input =
        template
            .at("/Resources/ErrandWorker/Properties/Events/Tick/Properties/Input")
            .asText()
            .replace("${EventsToken}", "token");
    JsonNode request = JsonMapper.builder().build().readTree(input);
    assertEquals("/events", request.path("rawPath").asText());
    assertEquals("POST", request.at("/requestContext/http/method").asText());
    JsonNode event = JsonMapper.builder().build().readTree(request.path("body").asText());
    assertEquals("dev.errand.tick", event.path("type").asText());
    assertEquals("1.0", event.path("specversion").asText());
  }

  @Test
  void anEnqueuedRunIsARequestWithTheEventThatWasSent() throws Exception {
    String cause = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    CloudEvent sent =
        new CloudEvent("1", "/errand", "dev.errand.run.enqueued", "42", cause, NullNode.instance);
    CloudEvent taken = overTheBus(sent);
    assertEquals(sent.id(), taken.id());
    assertEquals(sent.source(), taken.source());
    assertEquals(sent.type(), taken.type());
    assertEquals(sent.subject(), taken.subject());
    assertEquals(cause, taken.traceparent());
  }

  @Test
  void anEventOfNoTraceIsTakenToo() throws Exception {
    CloudEvent taken =
        overTheBus(
            new CloudEvent(
                "1", "/errand", "dev.errand.run.enqueued", "42", null, NullNode.instance));
    assertEquals("42", taken.subject());
    assertEquals("", taken.traceparent());
  }

  @Test
  void theTokenThatStandsInWhatIsJsonHasNothingThatIsOfJson() {
    JsonNode token = template.at("/Parameters/EventsToken");
    Pattern allowed = Pattern.compile(token.path("AllowedPattern").asText());
    assertTrue(token.path("NoEcho").asBoolean());
    assertTrue(allowed.matcher("0123456789abcdef".repeat(4)).matches(), "openssl rand -hex 32");
    assertTrue(allowed.matcher("Aa0-_".repeat(10)).matches(), "base64url");
    assertFalse(allowed.matcher("a".repeat(31)).matches(), "too short for the service");
    for (String of : List.of("\"", "\\", "<", "$", " ", "\n")) {
      assertFalse(allowed.matcher("a".repeat(32) + of).matches(), of);
    }
  }

  @Test
  void theFunctionKnowsWhatTheBridgeDoesToRequestsAndAnswers() {
    JsonNode variables = template.at("/Globals/Function/Environment/Variables");
    assertEquals("true", variables.path("ERRAND_HTTP_SPLIT_FIELDS").asText());
    assertEquals("PT0S", variables.path("ERRAND_WATCH_LONGEST").asText());
  }

  @Test
  void theBudgetEndsBeforeTheFunctionIsStopped() {
    JsonNode worker = template.at("/Resources/ErrandWorker/Properties");
    String budget = worker.at("/Environment/Variables/ERRAND_WORKER_BUDGET").asText();
    assertTrue(
        java.time.Duration.parse(budget).toSeconds() + 60 <= worker.path("Timeout").asLong());
  }

  /** What becomes of an event that the service puts on the bus, where the rule hands it on. */
  private static CloudEvent overTheBus(CloudEvent sent) throws Exception {
    JsonMapper json = JsonMapper.builder().build();
    CloudEvents events = new CloudEvents(new Json(json));
    ObjectNode onBus = json.createObjectNode();
    onBus.set("detail", json.readTree(events.write(sent)));
    JsonNode transformer =
        template.at("/Resources/RunEnqueued/Properties/Targets/0/InputTransformer");
    String input = transformer.path("InputTemplate").asText().replace("${EventsToken}", "token");
    for (Map.Entry<String, JsonNode> path : transformer.path("InputPathsMap").properties()) {
      String at = path.getValue().asText().substring(1).replace('.', '/');
      // Of a path that an event does not have, nothing comes.
      input = input.replace("<" + path.getKey() + ">", onBus.at(at).asText());
    }
    assertFalse(input.matches("(?s).*<[a-z]+>.*"), input);
    JsonNode request = json.readTree(input);
    assertEquals("/events", request.at("/requestContext/http/path").asText());
    assertEquals("Bearer token", request.at("/headers/authorization").asText());
    byte[] body = request.path("body").asText().getBytes(StandardCharsets.UTF_8);
    return events
        .read(
            name -> {
              JsonNode header = request.path("headers").path(name.toLowerCase(Locale.ROOT));
              return header.isMissingNode() ? null : header.asText();
            },
            body)
        .orElseThrow();
  }

  private static void find(String pattern, Set<String> names) {
    Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.group(1))
        .forEach(names::add);
  }
}
