package dev.errand.automation.notice;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.calls;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.automation.delivery.Receiver;
import dev.errand.base.database.Sql;
import dev.errand.base.json.Json;
import dev.errand.support.Api;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How persons and programs are told of tool calls that wait for a decision. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ApprovalNoticeTest {
  private static final String NOTICES = "/api/profiles/~/default/notices";
  private static final String TASK = TASKS + "/poster";
  private static final String EXPIRES_SOON =
      """
      UPDATE approval SET requested_at = now() - interval '9 minutes',
        expires_at = now() + interval '1 minute' WHERE status = 'open'
      """;

  private static final String IS_EXPIRED =
      "UPDATE approval SET expires_at = now() - interval '1 second' WHERE status = 'open'";

  @Inject ChannelRows channels;
  @Inject Sql sql;
  @Inject Json json;

  private final ScriptedModel model = new ScriptedModel();
  private final Receiver receiver = new Receiver();

  @BeforeEach
  void aNotice() {
    channels.add("default", "team", receiver.url("/team"));
    api()
        .body(
            Map.of(
                "events",
                List.of("approval.requested", "approval.expiring", "approval.expired"),
                "channel",
                "team"))
        .put(NOTICES + "/approvals")
        .then()
        .statusCode(201);
    model.script(
        request ->
            request.size() == 1
                ? call("c", "calc_calculate", "{\"expression\": \"4711\"}")
                : say("Done."));
  }

  @AfterEach
  void tidyUp() {
    api().delete(TASK + "?force=true");
    api().delete(NOTICES + "/approvals");
    channels.remove();
    sql.statement("DELETE FROM notice_sent").run();
    receiver.close();
    model.close();
  }

  private void aTask(Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(more);
    settings.put("key", "sk-a-key-for-tests-1234");
    settings.put("approvals", Map.of("calc_calculate", "always"));
    Api.register("poster", "Hello", model, settings).then().statusCode(201);
  }

  @Test
  void aPersonIsToldWhatWaitsAndAgainWhenLittleTimeIsLeft() {
    aTask(Map.of());
    JsonPath run = waiting("r");
    String approval = run.getString("waiting_for.approvals[0]");
    JsonNode asked = messages(1).getFirst();
    assertEquals(
        "The task poster asks whether it may call calc_calculate", asked.path("title").asText());
    assertEquals(
        "If nobody decides by %s UTC, the call is not made, and the model is told so."
            .formatted(run.getString("waiting_for.until").substring(0, 16).replace('T', ' ')),
        asked.path("why").asText());
    assertEquals(
        "See what it is called with, then approve it or reject it.", asked.path("todo").asText());
    assertEquals(
        "http://errand.example/console/admin/default/approvals/" + approval,
        asked.path("url").asText());
    assertEquals(
        "[{\"name\":\"Profile\",\"value\":\"admin/default\"},{\"name\":\"Task\",\"value\":\"poster\"},"
            + "{\"name\":\"Run\",\"value\":\"r\"},{\"name\":\"Tool\",\"value\":\"calc_calculate\"}]",
        asked.path("facts").toString());
    JsonNode data = asked.path("data");
    assertEquals(approval, data.path("approval").asText());
    assertEquals(asked.path("url"), data.path("console_url"));
    assertEquals(
        "http://errand.example/api/profiles/admin/default/approvals/" + approval,
        data.path("url").asText());
    assertEquals("r", data.path("run").asText());
    assertEquals(run.getString("waiting_for.until"), data.path("expires_at").asText());
    assertFalse(asked.toString().contains("4711"), asked.toString());

    sql.statement(EXPIRES_SOON).run();
    JsonNode again = messages(2).getLast();
    assertEquals("approval.expiring", again.path("event").asText());
    assertEquals(
        "Little time is left to decide whether the task poster may call calc_calculate",
        again.path("title").asText());
    assertEquals(asked.path("url"), again.path("url"));
    assertEquals(List.of("r", "r"), api().get(NOTICES + "/approvals/deliveries").path("run"));

    sql.statement(IS_EXPIRED).run();
    JsonNode over = messages(3).getLast();
    assertEquals("approval.expired", over.path("event").asText());
    assertEquals(
        "Nobody decided whether the task poster may call calc_calculate",
        over.path("title").asText());
    assertEquals("The call is not made, and the model is told so.", over.path("why").asText());
  }

  @Test
  void aReminderThatFailsKeepsBackNoOther() {
    aTask(Map.of());
    String fails = waiting("r").getString("waiting_for.approvals[0]");
    String other = waiting("other").getString("waiting_for.approvals[0]");
    assertEquals(2, messages(2).size());
    sql.statement(
            """
            CREATE OR REPLACE FUNCTION fails_for_a_test() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'It fails.'; END $$
            """)
        .run();
    sql.statement(
            """
            CREATE TRIGGER fails BEFORE INSERT ON notice_event FOR EACH ROW
              WHEN (NEW.event = 'approval.expiring' AND NEW.details LIKE '%%%s%%')
              EXECUTE FUNCTION fails_for_a_test()
            """
                .formatted(fails))
        .run();
    try {
      sql.statement(EXPIRES_SOON).run();
      JsonNode told = messages(3).getLast();
      assertEquals("approval.expiring", told.path("event").asText());
      assertEquals(other, told.path("data").path("approval").asText());
    } finally {
      sql.statement("DROP TRIGGER fails ON notice_event").run();
    }
  }

  @Test
  void aProgramIsToldWhatWaits() throws Exception {
    api().delete(NOTICES + "/approvals");
    aTask(
        Map.of(
            "callbacks",
            List.of(
                Map.of(
                    "url",
                    receiver.url("/hook"),
                    "events",
                    List.of("approval.requested", "approval.expiring", "approval.expired")))));
    String approval = waiting("r").getString("waiting_for.approvals[0]");
    String sent = receiver.await(1).getFirst().body();
    JsonPath body = JsonPath.from(sent);
    assertEquals("approval.requested", body.getString("type"));
    assertEquals("admin/default", body.getString("data.profile"));
    assertEquals("poster", body.getString("data.task"));
    assertEquals("r", body.getString("data.run"));
    assertEquals(approval, body.getString("data.approval"));
    assertEquals("calc_calculate", body.getString("data.tool"));
    assertEquals("reject", body.getString("data.on_expiry"));
    assertEquals(body.getString("timestamp"), body.getString("data.since"));
    String url = body.getString("data.url");
    assertTrue(url.endsWith("/api/profiles/admin/default/approvals/" + approval), url);
    String page = body.getString("data.console_url");
    assertTrue(page.endsWith("/console/admin/default/approvals/" + approval), page);
    assertFalse(sent.contains("4711"), sent);

    sql.statement(EXPIRES_SOON).run();
    assertEquals(
        "approval.expiring", JsonPath.from(receiver.await(2).getLast().body()).getString("type"));
    sql.statement(IS_EXPIRED).run();
    assertEquals(
        "approval.expired", JsonPath.from(receiver.await(3).getLast().body()).getString("type"));
    // A run that a callback starts is one level deeper than the run that it reports.
    String callbacks = TASK + "/callbacks";
    String callback = api().get(callbacks).path("[0].id");
    assertEquals(
        List.of("r", "r", "r"), api().get(callbacks + "/" + callback + "/deliveries").path("run"));
  }

  @Test
  void whatHappensThenIsSaid() {
    aTask(Map.of("approval_expiry", "fail", "approval_deadline", "PT2H"));
    waiting("failing");
    String why = messages(1).getLast().path("why").asText();
    assertTrue(why.endsWith("UTC, the run fails."), why);
    api().delete(TASK + "?force=true").then().statusCode(204);
    aTask(Map.of("approval_expiry", "approve"));
    waiting("approving");
    why = messages(2).getLast().path("why").asText();
    assertTrue(why.endsWith("UTC, the call is made."), why);
  }

  @Test
  void aBurstOfQuestionsIsSummedUp() {
    aTask(Map.of("max_tool_calls", 60));
    model.script(
        request ->
            request.size() == 1
                ? calls(
                    IntStream.range(0, 60)
                        .mapToObj(
                            i ->
                                List.of(
                                    "c" + i, "calc_calculate", "{\"expression\": \"" + i + "\"}"))
                        .toList())
                : say("Done."));
    assertEquals(60, waiting("r").getList("waiting_for.approvals").size());
    Eventually.await(
        "those that are held", () -> api().get(NOTICES + "/approvals").path("held").equals(40));
    assertEquals(20, messages(20).size());
    sql.statement("UPDATE notice_sent SET at = at - interval '1 hour'").run();
    JsonNode summary = messages(21).getLast();
    assertTrue(
        summary.path("title").asText().startsWith("40 more notices of admin/default since"),
        summary.toString());
    String fact = summary.path("facts").path(0).path("value").asText();
    assertTrue(fact.startsWith("a call waited for approval 40 times, last at "), fact);
    assertEquals(
        "http://errand.example/console/admin/default/approvals", summary.path("url").asText());
    assertEquals(21, messages(21).size());
  }

  private static JsonPath waiting(String name) {
    trigger("poster", name, Map.of()).then().statusCode(201);
    String run = TASK + "/runs/" + name;
    Eventually.await("a run that waits", () -> api().get(run).path("waiting_for.kind") != null);
    return api().get(run).jsonPath();
  }

  /** The messages of all notices, the oldest first, once there are that many. */
  private List<JsonNode> messages(int number) {
    Eventually.await(number + " messages", () -> stored().size() >= number);
    return stored();
  }

  private List<JsonNode> stored() {
    return sql.statement(
            "SELECT message FROM callback_delivery WHERE message IS NOT NULL ORDER BY created_at,"
                + " id")
        .list(row -> json.tree(row.text("message")));
  }
}
