package dev.errand.base.limit;

import static dev.errand.support.Api.api;
import static dev.errand.support.Servlets.publish;
import static dev.errand.support.Servlets.wasm;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Api;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class LargeBodiesTest {
  @TestHTTPResource URI root;

  @Test
  void onlyAServletMayBeLargerThanOtherBodiesAlsoInChunks() throws Exception {
    byte[] large = new byte[3 << 20];
    Arrays.fill(large, (byte) ' ');
    assertTooLarge(sendInChunks("/api/profiles/~/default/tasks/large", large));
    assertEquals(400, sendInChunks("/api/servlets/admin/large", large).statusCode());
    assertTooLarge(sendInChunks("/api/servlets/admin/large", new byte[17 << 20]));
    byte[] wrongFromTheFirst = large.clone();
    wrongFromTheFirst[0] = 'x';
    assertTooLarge(sendInChunks("/api/profiles/~/default/tasks/large", wrongFromTheFirst));
    publish("admin/large", "", large).then().statusCode(400).body("code", not("too_large"));
    publish("admin/large", "", new byte[(16 << 20) + 1])
        .then()
        .statusCode(413)
        .body("code", equalTo("too_large"));
    api().body(large).put("/api/profiles/~/default/tasks/large").then().statusCode(413);
  }

  @Test
  void whatAnybodyMaySendIsSmall() {
    for (String path : List.of("/api/sessions", "/api/invitations/none", "/sign-in", "/sign-out")) {
      refusesMoreThanIsSmall(path).body("code", equalTo("too_large"));
    }
    refusesMoreThanIsSmall("/oauth/token").body("error", equalTo("invalid_request"));
  }

  private static ValidatableResponse refusesMoreThanIsSmall(String path) {
    return given()
        .contentType("application/json")
        .body(new byte[(64 << 10) + 1])
        .post(path)
        .then()
        .statusCode(413);
  }

  @Test
  void aFormIsLimitedLikeOtherBodiesAlsoInChunks() throws Exception {
    for (String path : List.of("/sign-in", "/sign-out")) {
      assertEquals(413, sendFormInChunks(path, (64 << 10) + 1).statusCode());
    }
    assertEquals(413, sendFormInChunks("/console/admin/default/new-task", 3 << 20).statusCode());
    // Without its ticket.
    assertEquals(403, sendFormInChunks("/console/admin/default/new-task", 1 << 20).statusCode());
  }

  @Test
  void aFormThatIsTooLargeIsAnsweredByAPageThatLeadsBackToIt() {
    String form = "/console/admin/default/new-task";
    String page =
        given()
            .cookie("sessionId", Api.SESSION)
            .header("Referer", "https://errand.example" + form)
            .contentType("application/x-www-form-urlencoded")
            .body("prompt=" + "x".repeat(3 << 20))
            .post(form)
            .then()
            .statusCode(413)
            .contentType("text/html;charset=UTF-8")
            .extract()
            .asString();
    Document read = Jsoup.parse(page);
    assertEquals(form, read.select("#back").attr("href"));
    assertTrue(read.text().contains("may have 2097152 bytes at the most"), page);
    assertTrue(read.select("script").attr("src").endsWith("/console.js"), page);
  }

  private HttpResponse<String> sendFormInChunks(String path, int length) throws Exception {
    byte[] body = ("prompt=" + "x".repeat(length)).getBytes(StandardCharsets.UTF_8);
    return sendInChunks("POST", path, "application/x-www-form-urlencoded", body);
  }

  @Test
  void argumentsOfAToolMayBeAsLargeAsItsLimit() throws Exception {
    publish("admin/large-arguments", "", wasm("count")).then().statusCode(201);
    api()
        .body("{\"servlet_slug\": \"admin/large-arguments\"}")
        .post("/api/profiles/~/default/installations")
        .then()
        .statusCode(201);
    String tool = "/api/profiles/~/default/installations/large-arguments/tools/probe";
    api()
        .body(arguments(3 << 20))
        .post(tool)
        .then()
        .statusCode(200)
        .body("isError", equalTo(false));
    api()
        .body(arguments(4 << 20))
        .post(tool)
        .then()
        .statusCode(200)
        .body("content[0].text", equalTo("The arguments exceed a tool's limit of 4 MiB."));
    api()
        .body(arguments((4 << 20) + 1))
        .post(tool)
        .then()
        .statusCode(413)
        .body("code", equalTo("too_large"));
    assertEquals(200, sendInChunks("POST", tool, arguments(3 << 20)).statusCode());
    assertTooLarge(sendInChunks("POST", tool, arguments(5 << 20)));
    api().body(arguments(3 << 20)).put(tool).then().statusCode(413);
  }

  private static byte[] arguments(int length) {
    String rest = "{\"text\":\"\"}";
    return rest.replace("\"\"", "\"" + "x".repeat(length - rest.length()) + "\"")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static void assertTooLarge(HttpResponse<String> answer) {
    assertEquals(413, answer.statusCode(), answer.body());
    assertEquals(
        "application/problem+json", answer.headers().firstValue("Content-Type").orElse(""));
    assertTrue(answer.body().contains("\"too_large\""), answer.body());
  }

  private HttpResponse<String> sendInChunks(String path, byte[] body) throws Exception {
    return sendInChunks("PUT", path, body);
  }

  private HttpResponse<String> sendInChunks(String method, String path, byte[] body)
      throws Exception {
    String type = path.startsWith("/api/servlets") ? "application/wasm" : "application/json";
    return sendInChunks(method, path, type, body);
  }

  private HttpResponse<String> sendInChunks(String method, String path, String type, byte[] body)
      throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return client.send(
          HttpRequest.newBuilder(root.resolve(path))
              .header("Cookie", "sessionId=" + Api.SESSION)
              .header("Content-Type", type)
              .method(
                  method,
                  HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
