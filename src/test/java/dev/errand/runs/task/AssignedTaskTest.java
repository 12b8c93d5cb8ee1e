package dev.errand.runs.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.models.openai.OpenAiSettings;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is kept of a run's task stays readable: it has the form that it had from the start. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class AssignedTaskTest {
  private static final String KEPT =
      """
      {"openai": {"prompt": "Hello", "model": "m", "temperature": 0.5, "base_url": "http://a/v1"},
       "settings": {"timeout": "PT10M", "max_steps": 20, "max_tokens": 1000, "max_cost_usd": 0.5,
                    "max_tool_calls": 50, "max_attempts": 3, "overlap": "queue", "callbacks": []}}""";

  @Inject ObjectMapper json;

  @Test
  void storedTasksAreReadAndWrittenUnchanged() throws JsonProcessingException {
    AssignedTask assigned = json.readValue(KEPT, AssignedTask.class);

    OpenAiSettings model = assertInstanceOf(OpenAiSettings.class, assigned.model());
    assertEquals("m", model.model());
    assertEquals(0.5, model.temperature());
    assertEquals(json.readTree(KEPT).path("openai"), json.valueToTree(assigned).path("openai"));
    assertEquals(2, json.valueToTree(assigned).size(), "nothing that an older process refuses");
  }

  @Test
  void laterTriesStandBesideTheRunner() throws JsonProcessingException {
    LaterTries later =
        new LaterTries(List.of(Duration.ofMinutes(5)), Instant.parse("2026-11-25T06:00:00Z"));
    AssignedTask assigned = json.readValue(KEPT, AssignedTask.class).with(later);
    String stored = json.writeValueAsString(assigned);

    assertEquals(
        json.readTree("{\"waits\": [\"PT5M\"], \"before\": \"2026-11-25T06:00:00.000Z\"}"),
        json.readTree(stored).path("later_tries"));
    AssignedTask read = json.readValue(stored, AssignedTask.class);
    assertEquals(later, read.laterTries());
    assertInstanceOf(OpenAiSettings.class, read.model());
    String ofLater = stored.replace("\"waits\"", "\"another\":1,\"waits\"");
    assertEquals(later, json.readValue(ofLater, AssignedTask.class).laterTries());
  }

  @Test
  void settingsWithoutARunnerAreRefused() throws JsonProcessingException {
    AssignedTask assigned = json.readValue("{\"settings\": {}}", AssignedTask.class);

    assertThrows(IllegalStateException.class, assigned::model);
  }
}
