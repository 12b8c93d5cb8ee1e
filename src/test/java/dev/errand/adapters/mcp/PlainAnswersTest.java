package dev.errand.adapters.mcp;

import static dev.errand.support.Api.api;
import static dev.errand.support.Api.register;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static io.restassured.RestAssured.given;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasItems;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Api;
import dev.errand.support.Chat;
import dev.errand.support.HostedService;
import dev.errand.support.ScriptedMcp;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where streams are switched off, as on AWS Lambda, a chat lists and calls tools by plain JSON. */
@Tag("lambda")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(HostedService.class)
class PlainAnswersTest {
  private static final String INSTALLATION = "/api/profiles/~/default/installations/plain";

  private final ScriptedModel model = new ScriptedModel();
  private final ScriptedMcp server = new ScriptedMcp();

  @AfterEach
  void tidyUp() {
    api().delete(INSTALLATION);
    api().delete(Api.TASKS + "/plain?force=true");
    server.close();
    model.close();
  }

  @Test
  void aClientThatWantsProgressGetsOnlyTheResult() {
    server.tools(ScriptedMcp.tool("echo", "Says it again"));
    server.calls(request -> ScriptedMcp.text(request.arguments().path("text").asText()));
    api()
        .body(Map.of("name", "plain", "mcp", Map.of("url", server.url())))
        .post("/api/profiles/~/default/installations")
        .then()
        .statusCode(201);
    register("plain", "Hello {{ name }}", model).then().statusCode(201);
    model.script(
        request ->
            request.size() == 1 ? call("c1", "plain_echo", "{\"text\": \"Hi\"}") : say("Done."));

    Chat chat = Chat.ofTests();
    assertThat(
        chat.result("tools/list", Map.of()).getList("tools.name"),
        hasItems("run_plain", "plain_echo"));
    assertEquals("Hi", called(chat, "plain_echo", Map.of("text", "Hi")));
    assertEquals("Done.", called(chat, "run_plain", Map.of("name", "Ada")));
  }

  private static String called(Chat chat, String tool, Map<String, ?> arguments) {
    Map<String, Object> meta = new HashMap<>(chat.meta());
    meta.put("progressToken", "p-1");
    Response answer =
        chat.request("tools/call", Map.of("name", tool, "arguments", arguments), meta).post("/mcp");
    assertEquals(200, answer.statusCode(), answer.asString());
    assertTrue(answer.contentType().startsWith("application/json"), answer.contentType());
    return answer.path("result.content[0].text");
  }

  @Test
  void theStreamOfOlderClientsIsRefused() {
    String address =
        api().body("{}").post("/api/mcp/sse/url").then().statusCode(200).extract().asString();
    given()
        .accept("text/event-stream")
        .get("/api/mcp/sse?" + address.replaceFirst("[^?]*\\?", ""))
        .then()
        .statusCode(503);
  }
}
