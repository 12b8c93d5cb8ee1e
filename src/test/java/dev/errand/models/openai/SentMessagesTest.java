package dev.errand.models.openai;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.support.ScriptedModel;
import dev.errand.support.ScriptedModel.Answer;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a model's server sends is kept as it came, beside the form that a run shows. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SentMessagesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TASK = "sent";
  private static final String CALLS =
      """
      {"content": null, "refusal": null, "annotations": [], "reasoning_content": "First, …",
       "tool_calls": [{"id": "c1", "type": "function", "index": 0,
                       "function": {"name": "none", "arguments": "{}"}}]}""";
  private static final String LAST =
      "{\"role\": \"assistant\", \"content\": \"Done.\", \"audio\": null, \"x\": {\"y\": [1.5]}}";

  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();

  @AfterEach
  void stop() {
    api().delete(TASKS + "/" + TASK + "?force=true");
    model.close();
  }

  @Test
  void aMessageIsKeptAsItCameAndShownInOneForm() throws Exception {
    model.script(
        request ->
            new Answer(
                200,
                "{\"usage\":{\"prompt_tokens\":1},\"choices\":[{\"message\":"
                    + (request.size() == 1 ? CALLS : LAST)
                    + "}]}"));
    register(TASK, "Hello", model).then().statusCode(201);
    trigger(TASK, "r", Map.of()).then().statusCode(201);
    assertEquals("ready", ended(TASK, "r").getString("status"));

    List<JsonNode> kept = kept();
    assertEquals(
        List.of("message", "message", "call tool request", "call tool result", "final message"),
        kept.stream()
            .filter(entry -> !entry.path("code").asText().equals("tools_failed"))
            .map(entry -> entry.path("msg").asText())
            .toList());
    assertEquals(original(CALLS), kept.get(1).path("original"));
    assertEquals(original(LAST), kept.getLast().path("original"));
    assertEquals(
        JSON.readTree(
            """
            {"role": "assistant", "content": null, "reasoning_content": "First, …",
             "tool_calls": [{"id": "c1", "type": "function", "index": 0,
                             "function": {"name": "none", "arguments": "{}"}}]}"""),
        model.requests().getLast().body().at("/messages/1"),
        "all that says something goes back");
    for (String shown :
        List.of(
            api().get(TASKS + "/" + TASK + "/runs/r").asString(),
            api().get(TASKS + "/" + TASK + "/runs?include=results").asString(),
            api().get("/api/runs/~/default/" + TASK + "/r").asString(),
            api().get(TASKS + "/" + TASK + "/runs/r/events").asString())) {
      assertTrue(shown.contains("reasoning_content"), shown);
      assertFalse(shown.contains("original") || shown.contains("annotations"), shown);
    }
    JsonNode run = JSON.readTree(api().get(TASKS + "/" + TASK + "/runs/r").asString());
    assertEquals(
        kept.stream().map(SentMessagesTest::withoutOriginal).toList(),
        StreamSupport.stream(run.path("results").spliterator(), false).toList());
  }

  private static JsonNode original(String message) throws JsonProcessingException {
    return JSON.createObjectNode().put("runner", "openai").set("sent", JSON.readTree(message));
  }

  private static JsonNode withoutOriginal(JsonNode entry) {
    return entry.<ObjectNode>deepCopy().without("original");
  }

  private List<JsonNode> kept() throws SQLException, JsonProcessingException {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT entry FROM run_entry JOIN run ON run.id = run_id JOIN task ON task.id ="
                    + " task_id WHERE task.name = ? AND deleted_at IS NULL ORDER BY seq")) {
      select.setString(1, TASK);
      try (ResultSet rows = select.executeQuery()) {
        List<JsonNode> entries = new ArrayList<>();
        while (rows.next()) {
          entries.add(JSON.readTree(rows.getString(1)));
        }
        return entries;
      }
    }
  }
}
