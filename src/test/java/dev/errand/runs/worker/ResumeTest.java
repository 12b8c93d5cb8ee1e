package dev.errand.runs.worker;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.calls;
import static dev.errand.support.ScriptedModel.say;
import static dev.errand.support.Servlets.publish;
import static dev.errand.support.Servlets.wasm;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.runs.entry.NewEntries;
import dev.errand.runs.history.RunJournal;
import dev.errand.runs.queue.Claim;
import dev.errand.runs.queue.RunQueue;
import dev.errand.support.Metrics;
import dev.errand.support.ScriptedModel;
import dev.errand.support.ScriptedModel.Answer;
import dev.errand.support.ScriptedModel.Request;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A run of several steps is cut off after each of its commits, and another worker goes on: it tells
 * the model what the first would have told it, and asks for nothing that is written down.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = TwoWorkersTest.NoLoop.class, scope = TestResourceScope.MATCHING_RESOURCES)
class ResumeTest {
  // Numbers stay as they are written.
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();
  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final String INSTALLATIONS = "/api/profiles/~/default/installations";
  private static final int STEPS = 3;
  private static final String OF_TASK =
      " AND task_id = (SELECT id FROM task WHERE name = 'crashes' AND deleted_at IS NULL)";

  @Inject RunQueue queue;
  @Inject RunExecutor executor;
  private static final String LOST = "errand_leases_lost_total";

  @Inject Rescuer rescuer;
  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();

  @AfterEach
  void stop() {
    api().delete(TASKS + "/crashes?force=true").then().statusCode(204);
    api().delete(INSTALLATIONS + "/kinds");
    model.close();
  }

  @Test
  void anInterruptionAtAnyPointLosesAndRepeatsNothing() throws Exception {
    install();
    model.script(ResumeTest::answer);
    // Of half a dollar, which is the default, the second answer's 0.4 are four fifths.
    // What is expected counts what was done before the interruption.
    Map<String, Object> expect =
        Map.of(
            "tools",
            Map.of("calc_calculate", 2),
            "when",
            "'max_cost' in warnings && usage.tool_calls == 3 && output == 'The end.'");
    Map<String, Object> settings = Map.of("key", "sk-a-key-for-tests-1234", "expect", expect);
    register("crashes", "Hello", model, settings).then().statusCode(201);
    trigger("crashes", "whole", Map.of()).then().statusCode(201);
    HeldRun.execute(executor, claimOne());
    List<JsonNode> whole = entriesOf("whole");
    List<JsonNode> asked = model.requests().stream().map(Request::sent).toList();
    assertEquals(STEPS, asked.size());
    assertEquals(
        JSON.readTree(
            """
            {"role": "user", "content": [
              {"type": "text", "text": "The pictures of the tool call b:"},
              {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]}"""),
        model.requests().get(1).body().at("/messages/4"));
    assertEquals(1, whole.stream().filter(entry -> entry.path("level").asInt() == 40).count());
    assertEquals("final message", whole.getLast().path("msg").asText(), whole.toString());

    int cuts = 0;
    for (int kept = 1; kept < whole.size(); kept++) {
      if (!beginsACommit(whole.get(kept))) {
        continue;
      }
      cuts++;
      model.requests().clear();
      List<JsonNode> entries = goOnFrom(whole.subList(0, kept), "cut-" + kept);

      int answered = (int) whole.subList(1, kept).stream().filter(ResumeTest::isAnswer).count();
      assertEquals(
          asked.subList(answered, STEPS),
          model.requests().stream().map(Request::sent).toList(),
          "cut after " + kept + " entries");
      for (String id : List.of("a", "b", "c")) {
        assertEquals(
            1,
            entries.stream()
                .filter(entry -> entry.at("/exchange/tool_call_id").asText().equals(id))
                .count(),
            entries.toString());
      }
      assertEquals(whole.size(), entries.size(), entries.toString());
      assertEquals(whole.subList(0, kept), entries.subList(0, kept), "what was written stays");
      JsonNode run = look("cut-" + kept);
      assertEquals("ready", run.path("status").asText());
      assertEquals("The end.", run.path("output").asText());
      assertEquals(STEPS, run.at("/usage/steps").asInt());
      assertEquals(3, run.at("/usage/tool_calls").asInt());
      assertEquals(20_010 * STEPS, run.at("/usage/total_tokens").asInt());
      assertTrue(answered == 0 || run.at("/usage/model_ms").asLong() >= 1000, run.toString());
    }
    assertEquals(6, cuts, "prompt, calls, a result, the other, call, result");
  }

  @Test
  void anInterruptionDuringARepairRepeatsNothing() throws Exception {
    model.script(request -> say(request.size() == 1 ? "two" : "2"));
    register(
            "crashes",
            "Hello",
            model,
            Map.of("key", "sk-a-key-for-tests-1234", "output_schema", Map.of("type", "integer")))
        .then()
        .statusCode(201);
    trigger("crashes", "whole", Map.of()).then().statusCode(201);
    HeldRun.execute(executor, claimOne());
    List<JsonNode> whole = entriesOf("whole");
    assertEquals(4, whole.size(), whole.toString());
    List<JsonNode> asked = model.requests().stream().map(Request::body).toList();
    assertEquals(2, asked.size());
    // The answer and what the model is told about it are written in one.
    for (int kept : List.of(1, 3)) {
      model.requests().clear();
      List<JsonNode> entries = goOnFrom(whole.subList(0, kept), "repair-" + kept);
      assertEquals(
          asked.subList(kept == 1 ? 0 : 1, 2),
          model.requests().stream().map(Request::body).toList());
      assertEquals(4, entries.size(), entries.toString());
      JsonNode run = look("repair-" + kept);
      assertEquals(2, run.path("result").intValue(), run.toString());
      assertEquals(2, run.at("/usage/steps").asInt());
    }
    // The repairs of the first worker count.
    model.script(request -> say("still two"));
    List<JsonNode> entries = goOnFrom(whole.subList(0, 3), "repair-once");
    assertEquals("output_invalid", entries.getLast().path("code").asText());
  }

  @Test
  void aProcessThatDoesNotKnowRepairsGoesOnWithTheSameConversation() throws Exception {
    model.script(request -> say(request.size() == 1 ? "two" : "2"));
    register(
            "crashes",
            "Hello",
            model,
            Map.of("key", "sk-a-key-for-tests-1234", "output_schema", Map.of("type", "integer")))
        .then()
        .statusCode(201);
    trigger("crashes", "whole", Map.of()).then().statusCode(201);
    HeldRun.execute(executor, claimOne());
    List<JsonNode> whole = entriesOf("whole");
    JsonNode asked = model.requests().getLast().body();
    // As it reads the entry.
    ((ObjectNode) whole.get(2)).remove("repair");
    model.requests().clear();
    goOnFrom(whole.subList(0, 3), "older");
    assertEquals(List.of(asked), model.requests().stream().map(Request::body).toList());
  }

  @Test
  void theToolsThatTheModelWasOfferedStayTheSame() throws Exception {
    install();
    model.script(ResumeTest::answer);
    register("crashes", "Hello", model).then().statusCode(201);
    trigger("crashes", "whole", Map.of()).then().statusCode(201);
    HeldRun.execute(executor, claimOne());
    JsonNode offered = model.requests().getFirst().body().path("tools");
    List<JsonNode> calls = entriesOf("whole").subList(0, 4);
    api().delete(INSTALLATIONS + "/kinds").then().statusCode(204);
    model.requests().clear();
    model.script(request -> say("I see."));
    List<JsonNode> entries = goOnFrom(calls, "removed");

    assertEquals(offered, model.requests().getFirst().body().path("tools"));
    JsonNode result =
        entries.stream()
            .filter(entry -> entry.at("/exchange/tool_call_id").asText().equals("b"))
            .findFirst()
            .orElseThrow();
    assertTrue(result.path("is_error").asBoolean(), result.toString());
    assertEquals(
        "The tool kinds_probe was removed or switched off after this run began: go on without it.",
        result.at("/exchange/content").asText());
    assertEquals(calls.get(1).path("tools"), entries.getLast().path("tools"));
  }

  // A message, the calls that it asks for and the warnings that it brings are written in one.
  private static boolean beginsACommit(JsonNode entry) {
    return !entry.path("msg").asText().equals("call tool request")
        && entry.path("level").asInt() != 40;
  }

  private static void install() {
    publish("admin/kinds", "visibility=private", wasm("output_kinds"))
        .then()
        .statusCode(anyOf(is(200), is(201)));
    api()
        .body(Map.of("servlet_slug", "admin/kinds", "name", "kinds"))
        .post(INSTALLATIONS)
        .then()
        .statusCode(201);
  }

  private static Answer answer(Request request) {
    return costly(scripted(request));
  }

  private static Answer costly(Answer answer) {
    return new Answer(
        answer.status(),
        answer
            .body()
            .replace("\"completion_tokens\":5,", "\"completion_tokens\":20000,")
            .replace("\"total_tokens\":15", "\"total_tokens\":20010"));
  }

  private static Answer scripted(Request request) {
    return switch (request.size()) {
      case 1 ->
          calls(
              List.of(
                  List.of("a", "calc_calculate", "{\"expression\":\"1+1\"}"),
                  List.of("b", "kinds_probe", "{}")));
      case 5 -> withProviderFields(call("c", "calc_calculate", "{\"expression\":\"2*21\"}"));
      case 7 -> say("The end.");
      default -> throw new AssertionError("no such conversation: " + request.body());
    };
  }

  private static Answer withProviderFields(Answer answer) {
    try {
      ObjectNode body = (ObjectNode) JSON.readTree(answer.body());
      ObjectNode message = (ObjectNode) body.at("/choices/0/message");
      message.put("reasoning_content", "First, …");
      message.putArray("reasoning_details").addObject().put("type", "t").put("data", "gA==");
      ((ObjectNode) message.at("/tool_calls/0"))
          .putObject("extra_content")
          .putObject("google")
          .put("thought_signature", "c2ln");
      return new Answer(200, body.toString());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<JsonNode> goOnFrom(List<JsonNode> kept, String run) throws Exception {
    trigger("crashes", run, Map.of()).then().statusCode(201);
    Claim lost = claimOne();
    if (kept.size() > 1) {
      int steps = (int) kept.stream().filter(ResumeTest::isAnswer).count();
      List<String> entries = kept.subList(1, kept.size()).stream().map(JsonNode::toString).toList();
      new RunJournal(queue, lost).append(NewEntries.withoutWarnings(entries), used(steps));
    }
    // The first entry has its own time, which is all in which it differs.
    setFirstEntry(run, kept.getFirst());
    letLeasesRunOut();
    Metrics before = Metrics.now();
    assertEquals(1, rescuer.rescue());
    Metrics after = Metrics.now();
    assertEquals(1, after.of(LOST) - before.of(LOST));
    HeldRun.execute(executor, claimOne());
    return entriesOf(run);
  }

  private static String used(int steps) {
    return """
    {"prompt_tokens": %d, "completion_tokens": %d, "total_tokens": %d, "steps": %d,
     "tool_calls": %d, "cost_usd": %s, "model_ms": 1000, "tool_ms": 1000}"""
        .formatted(
            10 * steps,
            20_000 * steps,
            20_010 * steps,
            steps,
            steps == 0 ? 0 : steps + 1,
            0.200025 * steps);
  }

  private static boolean isAnswer(JsonNode entry) {
    return entry.at("/exchange/role").asText().equals("assistant");
  }

  private Claim claimOne() {
    List<Claim> claims = queue.claim(1, LEASE);
    assertEquals(1, claims.size());
    return claims.getFirst();
  }

  private void setFirstEntry(String run, JsonNode entry) throws SQLException {
    try (Connection connection = database.getConnection();
        var update =
            connection.prepareStatement(
                "UPDATE run_entry SET entry = ? FROM run WHERE run.id = run_id AND seq = 0"
                    + " AND run.name = ?"
                    + OF_TASK)) {
      update.setString(1, entry.toString());
      update.setString(2, run);
      assertEquals(1, update.executeUpdate());
    }
  }

  private void letLeasesRunOut() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "UPDATE run SET lease_until = now() - interval '1 second' WHERE status = 'running'");
    }
  }

  // As they are stored, with what the model's vendor sent.
  private List<JsonNode> entriesOf(String run) throws SQLException, JsonProcessingException {
    List<JsonNode> entries = new ArrayList<>();
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT entry FROM run_entry JOIN run ON run.id = run_id WHERE run.name = ?"
                    + OF_TASK
                    + " ORDER BY seq")) {
      select.setString(1, run);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          entries.add(JSON.readTree(rows.getString(1)));
        }
      }
    }
    return entries;
  }

  private static JsonNode look(String run) throws JsonProcessingException {
    return JSON.readTree(api().get(TASKS + "/crashes/runs/" + run).asString());
  }
}
