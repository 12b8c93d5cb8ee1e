package dev.errand.tools.install;

import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static dev.errand.support.Servlets.publish;
import static dev.errand.support.Servlets.wasm;
import static dev.errand.tools.install.InstallationTest.INSTALLATIONS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.egress.client.TestServer;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RunBudgetTest {
  private static final int CALLS = 22;

  private static final String OF_CALL =
      "The tool exceeded the limit of 50 HTTP requests for one call.";

  private static final String OF_RUN =
      "The tools of this run have used up their shared limit of 1000 HTTP requests; no tool"
          + " can make another one.";

  /** By default 50 requests are for a call, and 1000 for a run. */
  @Test
  void theToolsOfARunSpendItsRequestsTogetherAndTheNextRunHasItsOwn() throws Exception {
    publish("admin/flooder", "", wasm("c_probe")).then().statusCode(201);
    api()
        .body(
            """
            {"servlet_slug": "admin/flooder",
             "settings": {"network": {"domains": ["127.0.0.1"]}}}""")
        .post(INSTALLATIONS)
        .then()
        .statusCode(201);
    try (ScriptedModel model = new ScriptedModel();
        TestServer site = TestServer.answering(TestServer.ok("x"))) {
      String arguments = "{\"url\": \"http://127.0.0.1:" + site.port() + "/\"}";
      // A call is two messages more: one that asks for it, and its answer.
      model.script(
          request ->
              request.size() < 2 * CALLS
                  ? call("c" + request.size(), "flooder_flood", arguments)
                  : say("The end."));
      register(
              "flood",
              "Hello",
              model,
              Map.of("key", "sk-a-key-for-tests-1234", "max_steps", CALLS + 1))
          .then()
          .statusCode(201);

      List<String> answers = answers("first");
      assertEquals(1000, site.requests().size());
      assertEquals(CALLS, answers.size());
      assertEquals(Collections.nCopies(20, OF_CALL), answers.subList(0, 20));
      assertEquals(Collections.nCopies(2, OF_RUN), answers.subList(20, CALLS));

      answers("second");
      assertEquals(2000, site.requests().size());
    }
  }

  private static List<String> answers(String run) {
    trigger("flood", run, Map.of());
    JsonPath ended = ended("flood", run);
    assertEquals("ready", ended.getString("status"), ended.prettify());
    String results = "results.findAll { it.msg == 'call tool result' }";
    assertTrue(ended.getList(results + ".is_error", Boolean.class).stream().allMatch(e -> e));
    return ended.getList(results + ".exchange.content", String.class);
  }
}
