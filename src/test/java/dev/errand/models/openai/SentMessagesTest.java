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

/** What a model's server sends is stored in the form that a run shows, and goes back in it. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SentMessagesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TASK = "sent";
  private static final String CALLS =
      "{\"content\":null,\"refusal\":null,\"annotations\":[],\"reasoning_content\":\"First, …\","
          + "\"tool_calls\":[{\"id\":\"c1\",\"type\":\"function\",\"index\":0,"
          + "\"function\":{\"name\":\"none\",\"arguments\":\"{}\"}}]}";
  private static final String LAST =
      "{\"role\": \"assistant\", \"content\": \"Done.\", \"audio\": null, \"x\": {\"y\": [1.5]}}";

  private static final JsonNode SENT_BACK = sentBack();

  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();

  @AfterEach
  void stop() {
    api().delete(TASKS + "/" + TASK + "?force=true");
    model.close();
  }

  @Test
  void aMessageIsStoredOnceAndGoesBackWithAllThatSaysSomething() throws Exception {
    answer(200);
    register(TASK, "Hello", model).then().statusCode(201);
    trigger(TASK, "r", Map.of()).then().statusCode(201);
    assertEquals("ready", ended(TASK, "r").getString("status"));

    assertEquals(SENT_BACK, model.requests().getLast().body().at("/messages/1"));
    List<JsonNode> kept = kept();
    assertEquals(
        List.of("message", "message", "call tool request", "call tool result", "final message"),
        kept.stream().map(entry -> entry.path("msg").asText()).toList());
    assertEquals(SENT_BACK, kept.get(1).path("exchange"));
    assertEquals(kept, shown());
  }

  @Test
  void aRunWhoseMessagesWereStoredTwiceGoesOnAndShowsThemOnce() throws Exception {
    answer(401);
    register(TASK, "Hello", model).then().statusCode(201);
    trigger(TASK, "r", Map.of()).then().statusCode(201);
    assertEquals("error", ended(TASK, "r").getString("status"));
    List<JsonNode> once = shown();
    storeTwice();

    assertEquals(CALLS, kept().get(1).at("/original/sent").toString());
    assertEquals(once, shown());
    for (String shown :
        List.of(
            api().get(TASKS + "/" + TASK + "/runs?include=results").asString(),
            api().get("/api/runs/~/default/" + TASK + "/r").asString(),
            api().get(TASKS + "/" + TASK + "/runs/r/events").asString())) {
      assertTrue(shown.contains("reasoning_content"), shown);
      assertFalse(shown.contains("original") || shown.contains("annotations"), shown);
    }
    answer(200);
    api().post(TASKS + "/" + TASK + "/runs/r/retry").then().statusCode(202);
    assertEquals("ready", ended(TASK, "r").getString("status"));
    assertEquals(SENT_BACK, model.requests().getLast().body().at("/messages/1"));
  }

  private static JsonNode sentBack() {
    ObjectNode message = JSON.createObjectNode().put("role", "assistant").putNull("content");
    message.put("reasoning_content", "First, …");
    ObjectNode call = message.putArray("tool_calls").addObject();
    call.put("id", "c1").put("type", "function").put("index", 0);
    call.putObject("function").put("name", "none").put("arguments", "{}");
    return message;
  }

  /** Answers the first request with a call, and others with this status. */
  private void answer(int status) {
    model.script(
        request ->
            request.size() == 1
                ? new Answer(200, "{\"choices\":[{\"message\":" + CALLS + "}]}")
                : new Answer(status, "{\"choices\":[{\"message\":" + LAST + "}]}"));
  }

  private static List<JsonNode> shown() throws JsonProcessingException {
    JsonNode run = JSON.readTree(api().get(TASKS + "/" + TASK + "/runs/r").asString());
    return StreamSupport.stream(run.path("results").spliterator(), false).toList();
  }

  // As releases before did it.
  private void storeTwice() throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement update =
            connection.prepareStatement(
                "UPDATE run_entry SET entry = left(entry, -1) || ?"
                    + " WHERE entry LIKE '%First, …%' AND run_id IN (SELECT run.id FROM run"
                    + " JOIN task ON task.id = task_id WHERE task.name = ?"
                    + " AND deleted_at IS NULL)")) {
      update.setString(1, ",\"original\":{\"runner\":\"openai\",\"sent\":" + CALLS + "}}");
      update.setString(2, TASK);
      assertEquals(1, update.executeUpdate());
    }
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
