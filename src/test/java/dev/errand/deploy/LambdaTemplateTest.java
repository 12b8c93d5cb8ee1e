package dev.errand.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
  void anEnqueuedRunIsARequestWithAnEvent() throws Exception {
    String input =
        template
            .at("/Resources/RunEnqueued/Properties/Targets/0/InputTransformer/InputTemplate")
            .asText()
            .replace("${EventsToken}", "token");
    JsonNode request = JsonMapper.builder().build().readTree(input);
    assertEquals("dev.errand.run.enqueued", request.at("/headers/ce-type").asText());
    assertEquals("/events", request.at("/requestContext/http/path").asText());
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

  private static void find(String pattern, Set<String> names) {
    Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.group(1))
        .forEach(names::add);
  }
}
