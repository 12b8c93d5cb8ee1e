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
import dev.errand.base.http.CloudEvent;
import dev.errand.base.http.CloudEvents;
import dev.errand.base.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
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
  private static final String TICK =
      "/Resources/ErrandWorker/Properties/Events/Tick/Properties/Input/Fn::Sub";
  private static final String ENQUEUED =
      "/Resources/RunEnqueued/Properties/Targets/0/InputTransformer/InputTemplate/Fn::Sub";

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
    template.path("Conditions").fieldNames().forEachRemaining(names::add);
    Set<String> used = new HashSet<>();
    find("!Ref ([A-Za-z]+)[\\s,\\]]", used);
    find("!If \\[([A-Za-z]+),", used);
    find("!Condition ([A-Za-z]+)[,\\]]", used);
    find("\\n    Condition: ([A-Za-z]+)", used);
    find("!GetAtt ([A-Za-z]+)\\.", used);
    find("\\$\\{([A-Za-z]+)(?:\\.[A-Za-z]+)?}", used);
    // Of the text that it stands in alone.
    used.remove("EventsToken");
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
  void unknownPropertiesAreFound() throws Exception {
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
    String input = template.at(TICK + "/0").asText().replace("${EventsToken}", "token");
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
  void secretsAreOfSecretsManagerAndNoParameterIsOne() {
    for (Map.Entry<String, JsonNode> parameter : template.path("Parameters").properties()) {
      assertFalse(parameter.getValue().has("NoEcho"), parameter.getKey());
    }
    JsonNode variables = template.at("/Globals/Function/Environment/Variables");
    for (String name :
        List.of(
            "ERRAND_SECRET_KEY",
            "ERRAND_BOOTSTRAP_SESSION",
            "QUARKUS_DATASOURCE_USERNAME",
            "QUARKUS_DATASOURCE_PASSWORD")) {
      String value = variables.path(name).asText();
      assertTrue(
          value.matches("\\{\\{resolve:secretsmanager:\\$\\{\\w+}:SecretString:\\w+}}"), value);
    }
  }

  @Test
  void onlyTheWorkerTakesEventsAndOnlyAwsInvokesIt() {
    assertTrue(globals("ERRAND_EVENTS_TOKEN").isMissingNode());
    assertTrue(own("Errand", "ERRAND_EVENTS_TOKEN").isMissingNode(), "the public one takes none");
    JsonNode token = own("ErrandWorker", "ERRAND_EVENTS_TOKEN");
    assertEquals(token, template.at(TICK + "/1/EventsToken"), "the schedule brings it");
    assertEquals(token, template.at(ENQUEUED + "/1/EventsToken"), "and so does the rule");
    template
        .at("/Resources/ErrandWorker/Properties/Events")
        .forEach(event -> assertEquals("ScheduleV2", event.path("Type").asText()));
  }

  @Test
  void onlyTheRolesOfTheFunctionsPutEventsOnTheBus() {
    JsonNode api = template.at("/Resources/Dispatch/Properties/DefinitionBody");
    assertTrue(api.at("/paths/~1events/post/security/0").has("AWS_IAM"));
    assertEquals(
        "awsSigv4",
        api.at("/components/securitySchemes/AWS_IAM/x-amazon-apigateway-authtype").asText());
    assertEquals("AWS::Region", globals("ERRAND_DISPATCH_AWS_REGION").asText());
    for (String function : List.of("Errand", "ErrandWorker")) {
      assertEquals(
          "DispatchPolicy",
          template.at("/Resources/" + function + "/Properties/Policies/0").asText());
    }
  }

  @Test
  void theSchemaIsMigratedWhereThereIsTimeForIt() {
    assertEquals("false", globals("QUARKUS_FLYWAY_MIGRATE_AT_START").asText());
    assertEquals("true", own("ErrandMigration", "QUARKUS_FLYWAY_MIGRATE_AT_START").asText());
    JsonNode migration = template.at("/Resources/ErrandMigration/Properties");
    assertEquals(900, migration.path("Timeout").asInt());
    assertFalse(migration.has("Events"));
    for (String function : List.of("Errand", "ErrandWorker")) {
      assertTrue(own(function, "QUARKUS_FLYWAY_MIGRATE_AT_START").isMissingNode(), function);
    }
  }

  @Test
  void howManyInstancesThereAreIsBoundedAndSoAreRequests() {
    int instances = 1;
    for (Map.Entry<String, String> of :
        Map.of("Errand", "ApiConcurrency", "ErrandWorker", "WorkerConcurrency").entrySet()) {
      JsonNode reserved =
          template.at("/Resources/" + of.getKey() + "/Properties/ReservedConcurrentExecutions");
      assertEquals(of.getValue(), reserved.asText());
      instances += template.at("/Parameters/" + of.getValue() + "/Default").asInt();
    }
    int connections = instances * globals("QUARKUS_DATASOURCE_JDBC_MAX_SIZE").asInt();
    assertTrue(text("src/docs/operating.md").contains("at most 31 | " + connections + " |"));
    JsonNode routes = template.at("/Resources/Api/Properties/DefaultRouteSettings");
    assertEquals("RequestsPerSecond", routes.path("ThrottlingRateLimit").asText());
    assertTrue(routes.path("ThrottlingBurstLimit").asInt() > 0);
  }

  @Test
  void lostEventsAreKeptAndRaiseAnAlarm() {
    assertEquals(
        "DeadLetters.Arn",
        template
            .at("/Resources/ErrandWorker/Properties/EventInvokeConfig/DestinationConfig/OnFailure")
            .path("Destination")
            .asText());
    assertEquals(
        "DeadLetters.Arn",
        template.at("/Resources/RunEnqueued/Properties/Targets/0/DeadLetterConfig/Arn").asText());
    int alarms = 0;
    for (Map.Entry<String, JsonNode> resource : template.path("Resources").properties()) {
      if (resource.getValue().path("Type").asText().equals("AWS::CloudWatch::Alarm")) {
        JsonNode actions = resource.getValue().at("/Properties/AlarmActions");
        assertEquals("AlarmTopicArn", actions.path(0).asText(), resource.getKey());
        assertTrue(text("deploy/lambda/README.md").contains("`" + resource.getKey() + "`"));
        alarms++;
      }
    }
    assertEquals(5, alarms);
    assertEquals("Log", template.at("/Globals/Function/LoggingConfig/LogGroup").asText());
    assertEquals(
        "LogRetentionDays", template.at("/Resources/Log/Properties/RetentionInDays").asText());
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
    String input = template.at(ENQUEUED + "/0").asText().replace("${EventsToken}", "token");
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
            body,
            text -> {})
        .orElseThrow();
  }

  private static JsonNode globals(String variable) {
    return template.at("/Globals/Function/Environment/Variables").path(variable);
  }

  private static JsonNode own(String function, String variable) {
    return template
        .at("/Resources/" + function + "/Properties/Environment/Variables")
        .path(variable);
  }

  private static String text(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void find(String pattern, Set<String> names) {
    Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.group(1))
        .forEach(names::add);
  }
}
