package dev.errand.runs.lifecycle;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.runs.history.RunRetention;
import dev.errand.runs.queue.KeptByHand;
import dev.errand.support.Api;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A request that is shown later is the one that was sent. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = KeptByHand.class, scope = TestResourceScope.MATCHING_RESOURCES)
class EntryRequestTest {
  private static final String TASK = "inspected";
  private static final String KEY = "sk-a-key-for-tests-1234";

  private final ScriptedModel model = new ScriptedModel();
  private final ObjectMapper json = new ObjectMapper();

  @Inject DataSource database;
  @Inject RunRetention retention;

  @AfterEach
  void tidyUp() {
    model.close();
    api().delete(TASKS + "/" + TASK + "?force=true").then().statusCode(204);
  }

  @Test
  void eachRequestIsShownAsItWasSent() throws Exception {
    model.script(
        request ->
            switch (model.requests().size()) {
              case 1 -> call("c1", "calc_calculate", "{\"expression\": \"6 * 7\"}");
              case 2 -> error(503, "overloaded", "Later.");
              default -> say("It is 42.");
            });
    register(Map.of("temperature", 0.5, "system", "Be <brief>.", "seed", 7));
    trigger(TASK, "r", Map.of("what", "\"6 * 7\" & 'more'")).then().statusCode(201);
    List<Map<String, Object>> entries = ended(TASK, "r").getList("results");

    List<JsonNode> shown = new ArrayList<>();
    for (int number = 0; number < entries.size(); number++) {
      Map<String, Object> entry = entries.get(number);
      if (entry.containsKey("ms") && !entry.containsKey("is_error")) {
        JsonNode request = request("r", number);
        assertEquals(model.url() + "/chat/completions", request.path("url").asText());
        assertEquals("Bearer $MODEL_KEY", request.at("/headers/authorization").asText());
        shown.add(request.path("body"));
        assertTrue(String.valueOf(entry.get("tools")).startsWith("sha256:"), entry::toString);
      } else {
        problem(api().get(address("r", number)), 404, "not_found");
      }
    }
    List<JsonNode> sent = model.requests().stream().map(ScriptedModel.Request::body).toList();
    assertEquals(3, sent.size());
    assertEquals(sent, shown);
    problem(api().get(address("r", entries.size())), 404, "not_found");
    problem(api().get(address("r", -1)), 404, "not_found");
    problem(api().get(address("absent", 0)), 404, "run_not_found");
  }

  @Test
  void theFirstRequestIsPreviewedAsItWillBeSent() throws JsonProcessingException {
    model.script(request -> say("Hello."));
    register(Map.of("temperature", 0.5, "system", "Be {{ what }}."));
    Map<String, Object> parameters = Map.of("what", "brief");
    String preview =
        api()
            .body(Map.of("parameters", parameters))
            .post(TASKS + "/" + TASK + "/preview")
            .then()
            .statusCode(200)
            .extract()
            .asString();
    assertFalse(preview.contains(KEY));
    trigger(TASK, "p", parameters).then().statusCode(201);
    ended(TASK, "p");
    assertEquals(model.requests().getFirst().body(), json.readTree(preview).at("/request/body"));
  }

  @Test
  void toolsThatNoRunHasAnyMoreAreForgotten() throws Exception {
    model.script(request -> say("Hello."));
    register(Map.of());
    trigger(TASK, "f", Map.of("what", "x")).then().statusCode(201);
    JsonPath run = ended(TASK, "f");
    assertTrue(run.getString("results[1].tools").startsWith("sha256:"), run.prettify());
    // Runs are kept for 30 days here, and take 32 days at most.
    change(
        """
        INSERT INTO tool_definitions (address, definitions, used_on)
        VALUES ('used', '[]', current_date - 61), ('unused', '[]', current_date - 63)
        """);
    change("UPDATE run_entry SET entry = regexp_replace(entry, 'sha256:\\w+', 'used')");
    retention.runOnce();
    assertTrue(request("f", 1).path("body").path("tools").isMissingNode());
    change("UPDATE run_entry SET entry = replace(entry, '\"used\"', '\"unused\"')");
    problem(api().get(address("f", 1)), 404, "not_found");
    change("DELETE FROM tool_definitions WHERE address = 'used'");
  }

  private JsonNode request(String run, int number) throws JsonProcessingException {
    String answer = api().get(address(run, number)).then().statusCode(200).extract().asString();
    assertFalse(answer.contains(KEY));
    return json.readTree(answer);
  }

  private static String address(String run, int number) {
    return TASKS + "/" + TASK + "/runs/" + run + "/entries/" + number + "/request";
  }

  private void register(Map<String, Object> settings) {
    Map<String, Object> task = Api.task("What is {{ what }}?", model.url(), Map.of("key", KEY));
    @SuppressWarnings("unchecked")
    Map<String, Object> openai = (Map<String, Object>) task.get("openai");
    Map<String, Object> all = new HashMap<>(openai);
    all.putAll(settings);
    Map<String, Object> body = new HashMap<>(task);
    body.put("openai", all);
    api().body(body).put(TASKS + "/" + TASK).then().statusCode(201);
  }

  private void change(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
