package dev.errand.runs.worker;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.calls;
import static dev.errand.support.ScriptedModel.say;
import static dev.errand.support.Servlets.publish;
import static dev.errand.support.Servlets.wasm;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.runs.queue.Claim;
import dev.errand.runs.queue.RunQueue;
import dev.errand.support.Api;
import dev.errand.support.ScriptedModel;
import dev.errand.support.ScriptedModel.Answer;
import dev.errand.support.ScriptedModel.Request;
import dev.errand.support.TestDatabase;
import dev.errand.support.WithRunner;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A worker is lost during each request to a model whose vendor signs its thinking: another one goes
 * on with what is stored, and the vendor takes it for the same conversation.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = TwoWorkersTest.NoLoop.class, scope = TestResourceScope.MATCHING_RESOURCES)
@WithRunner("anthropic")
class SignedResumeTest {
  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final String INSTALLATIONS = "/api/profiles/~/default/installations";
  private static final int STEPS = 4;

  @Inject RunQueue queue;
  @Inject RunExecutor executor;
  @Inject Rescuer rescuer;
  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();

  @AfterEach
  void stop() {
    api().delete(TASKS + "/signed?force=true").then().statusCode(204);
    api().delete(INSTALLATIONS + "/kinds").then().statusCode(204);
    model.close();
  }

  @Test
  void whatIsStoredIsTheSameConversation() {
    publish("admin/kinds", "visibility=private", wasm("output_kinds")).then();
    api()
        .body(Map.of("servlet_slug", "admin/kinds", "name", "kinds"))
        .post(INSTALLATIONS)
        .then()
        .statusCode(201);
    Map<String, Object> ofRunner =
        Map.of(
            "prompt",
            "Hello",
            "system",
            "Be brief.",
            "model",
            "m",
            "base_url",
            model.url(),
            "stream",
            true);
    api()
        .body(Api.task(ofRunner, Map.of("key", "sk-a-key-for-tests-1234")))
        .put(TASKS + "/signed")
        .then()
        .statusCode(201);
    // The threads of the scripted model can't create it.
    assertEquals(0, rescuer.rescue());
    model.script(SignedResumeTest::answer);
    trigger("signed", "whole", Map.of()).then().statusCode(201);
    HeldRun.execute(executor, claimOne());
    List<JsonNode> asked = asked();
    assertEquals(STEPS, asked.size());

    for (int cut = 0; cut < STEPS; cut++) {
      model.requests().clear();
      int before = cut;
      AtomicReference<Claim> taken = new AtomicReference<>();
      model.script(
          request -> {
            if (model.requests().size() == before + 1) {
              loseTheWorker();
              taken.set(claimOne());
            }
            return answer(request);
          });
      String run = "cut-" + cut;
      trigger("signed", run, Map.of()).then().statusCode(201);
      HeldRun.execute(executor, claimOne());
      assertEquals(cut + 1, model.requests().size(), "its answer is not written down");
      HeldRun.execute(executor, taken.get());

      JsonPath shown = ended("signed", run);
      assertEquals("The end.", shown.getString("output"), shown.prettify());
      assertEquals(
          asked.subList(cut, STEPS), asked().subList(cut + 1, STEPS + 1), "cut at request " + cut);
    }
  }

  private static Answer answer(Request request) {
    long answered =
        request
            .body()
            .path("messages")
            .valueStream()
            .filter(message -> message.path("role").asText().equals("assistant"))
            .count();
    return switch ((int) answered) {
      case 0 ->
          calls(
              List.of(
                  List.of("a", "calc_calculate", "{\"expression\":\"1+1\"}"),
                  List.of("b", "kinds_probe", "{}")));
      case 1 -> call("c", "calc_calculate", "{\"expression\":");
      case 2 -> call("d", "calc_calculate", "{\"expression\":\"2*21\"}");
      default -> say("The end.");
    };
  }

  private List<JsonNode> asked() {
    return model.requests().stream().map(Request::sent).toList();
  }

  private Claim claimOne() {
    List<Claim> claims = queue.claim(1, LEASE);
    assertEquals(1, claims.size());
    return claims.getFirst();
  }

  private void loseTheWorker() {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "UPDATE run SET lease_until = now() - interval '1 second' WHERE status = 'running'");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    assertEquals(1, rescuer.rescue());
  }
}
