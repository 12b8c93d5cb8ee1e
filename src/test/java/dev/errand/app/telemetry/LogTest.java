package dev.errand.app.telemetry;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.Eventually.await;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.runs.queue.Claim;
import dev.errand.support.Api;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

/** Each line in the log that a run writes says which run that is. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = Observed.class, scope = TestResourceScope.MATCHING_RESOURCES)
class LogTest {
  private static final String KEY = "sk-a-key-that-no-log-may-have";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Logger LOG = Logger.getLogger(LogTest.class);

  @Test
  void everyLogLineOfARunNamesItOnAnyThread() throws IOException {
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(
          request ->
              request.size() == 1
                  ? call("call_1", "fetch_fetch", "{\"url\":\"http://10.1.2.3/\"}")
                  : say("Done."));
      register("logged", "What is said to a model", model, Map.of("key", KEY))
          .then()
          .statusCode(201);
      trigger("logged", "a-run", Map.of()).then().statusCode(201);
      assertEquals("ready", ended("logged", "a-run").getString("status"));
      await("the end in the log", () -> !lines("The attempt ended: ready", "a-run").isEmpty());
      int written = lines("", "a-run").size();
      trigger("logged", "another", Map.of()).then().statusCode(201);
      assertEquals("ready", ended("logged", "another").getString("status"));
      await("the other's end", () -> !lines("The attempt ended: ready", "another").isEmpty());
      api().delete(TASKS + "/logged?force=true").then().statusCode(204);

      assertEquals(written, lines("", "a-run").size(), "what came later is not of this run");
      assertEquals(1, lines("The attempt begins", "a-run").size());
      assertEquals(2, lines("A request to the model took", "a-run").size());
      assertEquals(1, lines("A call of the tool fetch_fetch took", "a-run").size());
      for (JsonNode line : lines("", "a-run")) {
        assertEquals("logged", line.at("/mdc/task").asText(), line::toString);
        assertEquals("admin/default", line.at("/mdc/profile").asText(), line::toString);
        assertEquals("1", line.at("/mdc/attempt").asText(), line::toString);
        assertTrue(line.path("timestamp").isTextual(), line::toString);
        assertTrue(line.path("level").isTextual(), line::toString);
      }
      String whole = Files.readString(Observed.LOG);
      for (String secret : List.of(KEY, Api.SESSION, "What is said to a model")) {
        assertFalse(whole.contains(secret), secret);
      }
    }
  }

  @Test
  void aThreadThatIsBegunForARunNamesItAndOthersDoNot() {
    LogContext context =
        LogContext.of(
            new Claim(
                1,
                2,
                UUID.randomUUID(),
                UUID.randomUUID(),
                UUID.randomUUID(),
                "of-threads",
                "a-task",
                "admin/default",
                "{}",
                "{}",
                0,
                1,
                "{}",
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH,
                0,
                false,
                null,
                false));
    // As a servlet is run, and as tools are called.
    Thread platform =
        new Thread(null, () -> LOG.info("From a platform thread"), "servlet", 1 << 20);
    platform.start();
    Thread.ofVirtual().start(() -> LOG.info("From a virtual thread"));
    context.close();
    LOG.info("From nobody's thread");

    for (String from : List.of("From a platform thread", "From a virtual thread")) {
      await(from, () -> !lines(from, "of-threads").isEmpty());
      assertEquals("2", lines(from, "of-threads").getFirst().at("/mdc/attempt").asText());
    }
    await("the last line", () -> !lines("From nobody's thread", "").isEmpty());
  }

  private static List<JsonNode> lines(String beginning, String run) {
    try {
      return all().stream()
          .filter(line -> line.path("message").asText().startsWith(beginning))
          .filter(line -> line.at("/mdc/run").asText().equals(run))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // The last line may not be whole yet.
  private static List<JsonNode> all() throws IOException {
    String text = Files.readString(Observed.LOG);
    return text.substring(0, text.lastIndexOf('\n') + 1)
        .lines()
        .filter(line -> !line.isBlank())
        .map(LogTest::read)
        .toList();
  }

  private static JsonNode read(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("This is no JSON: " + line, e);
    }
  }
}
