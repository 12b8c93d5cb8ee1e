package dev.errand.adapters.mcp;

import static dev.errand.identity.oauth.OAuthPerson.CALLBACK;
import static dev.errand.identity.oauth.OAuthPerson.exchange;
import static dev.errand.identity.oauth.OAuthPerson.refresh;
import static dev.errand.identity.oauth.OAuthPerson.request;
import static dev.errand.identity.oauth.OAuthPerson.revoke;
import static dev.errand.identity.oauth.OAuthPerson.tokens;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedModel.say;
import static io.restassured.RestAssured.given;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.oneOf;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.identity.oauth.OAuthPerson;
import dev.errand.identity.oauth.OAuthPerson.Tokens;
import dev.errand.identity.oauth.ServedDocument;
import dev.errand.support.Api;
import dev.errand.support.Chat;
import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.ShortWaits;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A chat that has nothing but the address of the endpoint, from the first 401 to the last. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = ShortWaits.class, scope = TestResourceScope.MATCHING_RESOURCES)
class ConnectedChatTest {
  private static final String USER = "/api/users/chatting";
  private static final String PASSWORD = "a password of a person who chats";
  private static final String CLIENT = "https://chat.example/oauth/metadata.json";
  private static final Pattern METADATA = Pattern.compile("resource_metadata=\"([^\"]+)\"");

  private final ScriptedModel model = new ScriptedModel();
  private final CountDownLatch released = new CountDownLatch(1);

  @AfterEach
  void tidyUp() {
    released.countDown();
    model.close();
    api().delete(USER + "?force=true");
  }

  private static Response nobody() {
    return given()
        .contentType(ContentType.JSON)
        .body("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/list\"}")
        .post("/mcp");
  }

  /** What the program finds out by itself: where people grant access, and for what. */
  private static JsonPath discovered() {
    Response refused = nobody();
    refused.then().statusCode(401);
    Matcher found = METADATA.matcher(refused.header("WWW-Authenticate"));
    assertTrue(found.find(), refused.header("WWW-Authenticate"));
    String issuer =
        given()
            .get(found.group(1))
            .then()
            .statusCode(200)
            .body("resource", containsString("/mcp"))
            .extract()
            .path("authorization_servers[0]");
    return given()
        .get(issuer + "/.well-known/oauth-authorization-server")
        .then()
        .statusCode(200)
        .body("issuer", equalTo(issuer))
        .body("client_id_metadata_document_supported", equalTo(true))
        .extract()
        .jsonPath();
  }

  private static void invited() {
    Response invited = api().body("{\"role\": \"member\"}").put(USER);
    invited.then().statusCode(201);
    given()
        .contentType(ContentType.JSON)
        .body(Map.of("password", PASSWORD))
        .post(URI.create(invited.path("invitation_url")).getPath())
        .then()
        .statusCode(201);
  }

  /** Signs in as the page does on which people do. */
  private static String signedIn() {
    return given()
        .contentType(ContentType.JSON)
        .body(Map.of("username", "chatting", "password", PASSWORD))
        .post("/api/sessions")
        .then()
        .statusCode(201)
        .extract()
        .cookie("sessionId");
  }

  private static String grant(String session) {
    return given().cookie("sessionId", session).get("/api/grants").path("[0].id");
  }

  private void slowTask(String session) {
    given()
        .urlEncodingEnabled(false)
        .cookie("sessionId", session)
        .contentType(ContentType.JSON)
        .body(Api.task("Think about {{ topic }}", model.url(), Map.of("key", "sk-of-a-person-1")))
        .put(TASKS + "/think")
        .then()
        .statusCode(201);
    model.script(
        request -> {
          try {
            released.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return say("It is deep.");
        });
  }

  @Test
  void aChatConnectsCallsRefreshesAndIsDisconnected() {
    JsonPath server = discovered();
    ServedDocument.serve(
        "{\"client_id\": \"%s\", \"client_name\": \"Chat\", \"redirect_uris\": [\"%s\"]}"
            .formatted(CLIENT, CALLBACK));
    Map<String, String> asked = request(CLIENT);
    asked.put("scope", "read run");
    asked.put("resource", server.getString("issuer") + "/mcp");
    assertEquals(
        server.getString("issuer") + "/oauth/authorize",
        server.getString("authorization_endpoint"));
    Response unknown = new OAuthPerson("nobody-yet").open(asked);
    unknown.then().statusCode(303);
    assertThat(unknown.header("Location"), containsString("/sign-in?return=oauth%2Fauthorize"));
    invited();
    OAuthPerson person = new OAuthPerson(signedIn());
    slowTask(person.session());
    Map<String, String> answer = person.allow(asked, List.of("read", "run"));
    assertEquals(server.getString("issuer"), answer.get("iss"));
    Map<String, String> resource = Map.of("resource", asked.get("resource"));
    Tokens tokens = tokens(exchange(CLIENT, answer.get("code"), resource));

    Chat chat = Chat.ofTests().by(tokens.access());
    assertThat(
        chat.result("tools/list", Map.of()).getList("tools.name"),
        hasItems("run_think", "get_run"));
    JsonPath first = chat.call("run_think", Map.of("topic", "time"));
    // Within the second that is waited, a worker of a busy machine may not have taken it up.
    assertThat(first.getString("structuredContent.status"), oneOf("pending", "running"));
    Map<String, String> run =
        Map.of("task", "think", "run", first.getString("structuredContent.run"));
    assertThat(first.getString("content[0].text"), containsString(run.get("run")));
    Eventually.await(
        "a running one",
        () -> "running".equals(chat.call("get_run", run).getString("structuredContent.status")));
    given()
        .cookie("sessionId", person.session())
        .get(TASKS + "/think/runs/" + run.get("run"))
        .then()
        .body("trigger.kind", equalTo("mcp"))
        .body("trigger.client.name", equalTo("a test"))
        .body("trigger.granted_to", equalTo("Chat (" + URI.create(CLIENT).getHost() + ")"))
        .body("trigger.grant", equalTo(grant(person.session())));
    released.countDown();
    Eventually.await(
        "the answer",
        () -> "ready".equals(chat.call("get_run", run).getString("structuredContent.status")));
    assertEquals("It is deep.", chat.call("get_run", run).getString("content[0].text"));

    Tokens next = tokens(refresh(CLIENT, tokens.refresh(), resource));
    Chat again = chat.by(next.access());
    assertEquals("It is deep.", again.call("get_run", run).getString("content[0].text"));
    again.at("/mcp/chatting/default").send("tools/list", Map.of()).then().statusCode(401);
    revoke(CLIENT, next.refresh()).then().statusCode(200);
    for (String ended : List.of(tokens.access(), next.access())) {
      chat.by(ended)
          .send("tools/list", Map.of())
          .then()
          .statusCode(401)
          .header("WWW-Authenticate", startsWith("Bearer error=\"invalid_token\""))
          .header("WWW-Authenticate", containsString("resource_metadata="));
    }
    refresh(CLIENT, next.refresh(), Map.of()).then().statusCode(400);
  }
}
