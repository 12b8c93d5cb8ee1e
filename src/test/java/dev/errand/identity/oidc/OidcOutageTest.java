package dev.errand.identity.oidc;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.errand.support.Settings;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A provider that is away when the service starts, and comes later; behind a proxy with TLS. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = OidcOutageTest.Away.class, scope = TestResourceScope.MATCHING_RESOURCES)
class OidcOutageTest {
  private static final int PORT = freePort();

  /** A provider at a port where nobody listens yet. */
  public static final class Away implements Settings {
    @Override
    public Map<String, String> start() {
      Map<String, String> settings =
          new HashMap<>(ScriptedProvider.settings("http://127.0.0.1:" + PORT));
      settings.put("errand.url", "https://errand.example.com/under");
      return settings;
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aProviderThatIsAwayIsNamedAndIsFoundLater() {
    Response answer = given().accept("text/html").redirects().follow(false).get("/sign-in/oidc");
    answer.then().statusCode(503).body(containsString("http://127.0.0.1:" + PORT));
    assertTrue(!answer.header("Retry-After").isEmpty());
    problem(given().get("/sign-in/oidc"), 503, "unavailable");
    problem(
        given()
            .contentType("application/x-www-form-urlencoded")
            .formParam("logout_token", "a.b.c")
            .post("/sign-in/oidc/backchannel-logout"),
        503,
        "unavailable");
    given()
        .accept("text/html")
        .get("/sign-in/oidc/sign-out")
        .then()
        .statusCode(503)
        .body(containsString("signed out here"))
        .body(containsString("http://127.0.0.1:" + PORT));
    // Everything else goes on.
    api().get(TASKS).then().statusCode(200);
    given().get("/sign-in").then().statusCode(200);
    given().get("/q/health/ready").then().statusCode(200);
    ScriptedProvider.endsSessions = false;
    HttpServer provider = ScriptedProvider.listen(PORT);
    try {
      signInBehindTheProxy();
      // A provider that has no address to sign out at.
      given()
          .redirects()
          .follow(false)
          .get("/sign-in/oidc/sign-out?hint=late")
          .then()
          .statusCode(302)
          .header("Location", equalTo("https://errand.example.com/under/sign-in"));
    } finally {
      ScriptedProvider.endsSessions = true;
      provider.stop(0);
    }
  }

  private static void signInBehindTheProxy() {
    ScriptedProvider.person =
        Map.of("sub", "late", "preferred_username", "late", "groups", List.of("staff"));
    Response begun = given().redirects().follow(false).get("/sign-in/oidc");
    begun.then().statusCode(302);
    begun
        .getDetailedCookies()
        .asList()
        .forEach(cookie -> assertTrue(cookie.isSecured(), cookie::toString));
    Response led =
        given().redirects().follow(false).urlEncodingEnabled(false).get(begun.header("Location"));
    String callback = led.header("Location");
    assertTrue(
        callback.startsWith("https://errand.example.com/under/sign-in/oidc?code="), callback);
    Response back =
        given()
            .redirects()
            .follow(false)
            .urlEncodingEnabled(false)
            .cookies(begun.getCookies())
            .get(callback.substring("https://errand.example.com/under".length()));
    back.then().statusCode(302);
    assertEquals("https://errand.example.com/under/sign-in", back.header("Location"));
    assertTrue(back.getDetailedCookie("sessionId").isSecured());
    api().delete("/api/users/late").then().statusCode(204);
  }
}
