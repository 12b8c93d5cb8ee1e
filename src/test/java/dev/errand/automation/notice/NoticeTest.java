package dev.errand.automation.notice;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.automation.callback.Receiver;
import dev.errand.base.database.Sql;
import dev.errand.base.json.Json;
import dev.errand.support.Api;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What notices tell of runs, and how often. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class NoticeTest {
  private static final String NOTICES = "/api/profiles/~/default/notices";

  @Inject ChannelRows channels;
  @Inject Sql sql;
  @Inject Json json;

  private final ScriptedModel model = new ScriptedModel();
  private final Receiver receiver = new Receiver();
  private volatile boolean fails = true;

  @BeforeEach
  void register() {
    channels.add("default", "team", receiver.url("/team"));
    model.script(
        request ->
            fails
                ? error(404, "model_not_found", "There is no such model.")
                : say("The secret output."));
    Api.register("daily", "The secret prompt", model).then().statusCode(201);
  }

  @AfterEach
  void tidyUp() {
    api().delete(TASKS + "/daily?force=true");
    api().delete(TASKS + "/other?force=true");
    api().get(NOTICES).jsonPath().getList("name").forEach(n -> api().delete(NOTICES + "/" + n));
    channels.remove();
    sql.statement("DELETE FROM notice_sent").run();
    receiver.close();
    model.close();
  }

  @Test
  void aRunThatFailsIsTold() {
    put("failures", Map.of("events", List.of("run.error"), "channel", "team"));
    run("monday");

    assertEquals(List.of("A run of the task daily failed"), titles(1));
    JsonNode message = message();
    assertEquals("run.error", message.path("event").asText());
    assertTrue(message.path("why").asText().contains("model"), message.toString());
    assertEquals(
        "Choose a model that the server has, then retry the run.", message.path("todo").asText());
    assertEquals(
        "http://errand.example/console/admin/default/tasks/daily/runs/monday",
        message.path("url").asText());
    assertFalse(message.toString().contains("secret"), message.toString());
    Eventually.await(
        "its delivery", () -> "delivered".equals(deliveries("failures").getFirst().get("state")));
    assertEquals(receiver.calls().getFirst().id(), deliveries("failures").getFirst().get("id"));
    assertEquals(1, receiver.calls().size());
  }

  private void put(String name, Map<String, Object> notice) {
    api().body(notice).put(NOTICES + "/" + name).then().statusCode(201);
  }

  private void run(String name) {
    trigger("daily", name, Map.of());
    ended("daily", name);
  }

  private List<Map<String, Object>> deliveries(String notice) {
    return api().get(NOTICES + "/" + notice + "/deliveries").jsonPath().getList("");
  }

  /** The titles of the deliveries of all notices, the oldest first, once there are that many. */
  private List<String> titles(int number) {
    Eventually.await(number + " deliveries", () -> stored().size() >= number);
    Eventually.await(
        "an empty outbox", () -> !sql.statement("SELECT 1 FROM notice_event").exists());
    return stored();
  }

  private List<String> stored() {
    return sql.statement(
            """
            SELECT message::json ->> 'title' AS title FROM callback_delivery
            WHERE notice_id IS NOT NULL ORDER BY created_at, happened_at
            """)
        .list(row -> row.text("title"));
  }

  private JsonNode message() {
    return json.tree(
        sql.statement(
                """
                SELECT message FROM callback_delivery WHERE notice_id IS NOT NULL
                ORDER BY created_at DESC, happened_at DESC LIMIT 1
                """)
            .one(row -> row.text("message")));
  }
}
