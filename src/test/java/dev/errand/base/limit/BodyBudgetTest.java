package dev.errand.base.limit;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.automation.trigger.Hooks;
import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.Eventually;
import dev.errand.support.Metrics;
import dev.errand.support.ScriptedModel;
import dev.errand.support.SmallLimits;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = SmallLimits.class, scope = TestResourceScope.MATCHING_RESOURCES)
class BodyBudgetTest {
  private static final String MANY_OBJECTS = "{},".repeat(300_000);
  private static final String TOO_MANY_PARAMETERS =
      "{\"parameters\": {\"text\": \"" + "x".repeat(1_800_000) + "\"}}";

  @TestHTTPResource URI root;
  @Inject ByteBudget budget;

  @AfterEach
  void everythingIsGivenBack() {
    Eventually.await("nothing reserved", () -> budget.used() == 0);
  }

  @Test
  void thereIsMemoryForTheLargestModuleThatThePageOffers() {
    Browser admin = new Browser(Api.SESSION);
    Page page = admin.open("/console/admin/default/publish");
    int most = Integer.parseInt(page.one("input[type=file]").attr("data-most"));
    assertEquals(budget.capacity() / 4 - 64 * 1024, most);
    byte[] file = "{},".repeat(most / 3).getBytes(StandardCharsets.US_ASCII);
    Page refused = admin.upload(page, "#publish", Map.of("name", "large"), "wasm", file);
    assertEquals(400, refused.status(), refused.text());
    assertTrue(refused.text().contains("WebAssembly"), refused.text());
  }

  @Test
  void bodiesWithoutRoomAreToBeRetried() {
    long refused = budget.refused();
    try (Reservation others = budget.reserve(budget.capacity())) {
      problem(api().body("{\"parameters\": {}}").put(TASKS + "/none/runs/one"), 503, "unavailable")
          .then()
          .header("Retry-After", "5");
      problem(
          given().body("{}").contentType("application/json").post("/api/sessions"),
          503,
          "unavailable");
      // The body of a request to an address that was never issued is not read.
      problem(api().body(new byte[] {'x'}).post("/hooks/nothing"), 404, "not_found");
      assertEquals(budget.capacity(), others.bytes());
    }
    problem(
        api().body("{\"parameters\": {}}").put(TASKS + "/none/runs/one"), 404, "task_not_found");
    assertEquals(refused + 2, budget.refused());
    Metrics metrics = Metrics.now();
    assertEquals((double) budget.refused(), metrics.of("errand_parse_refused_total"));
    assertEquals((double) budget.capacity(), metrics.of("errand_parse_budget_bytes"));
    assertTrue(metrics.names().contains("errand_parse_budget_used_bytes"));
  }

  @Test
  void aHeadThatAnnouncesABodyReservesNothing() throws Exception {
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) {
        open.add(
            begin("PUT", TASKS + "/none/runs/one", "Cookie: sessionId=" + Api.SESSION, 2_000_000));
        open.add(begin("POST", "/api/sessions", "Accept: */*", 60_000));
      }
      Eventually.await(
          "all of them being read",
          () -> Metrics.now().of("http_server_active_requests") >= open.size());
      assertTrue(budget.used() < budget.capacity() / 8, budget.used() + " bytes");
      String fits = "{\"parameters\": {\"text\": \"" + "x".repeat(1_000_000) + "\"}}";
      problem(api().body(fits).put(TASKS + "/none/runs/one"), 404, "task_not_found");
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  @Test
  void whoHasNoIdentityLeavesHalfToOthers() {
    try (ScriptedModel model = new ScriptedModel()) {
      Api.register("hooked", "Hello", model).then().statusCode(201);
      String hook =
          api()
              .body("{\"name\": \"hook\"}")
              .post(TASKS + "/hooked/triggers")
              .then()
              .statusCode(201)
              .extract()
              .path("url");
      try (Reservation others = budget.reserve(budget.capacity() / 2 + 1)) {
        problem(
            given().contentType("application/json").body("{}").post("/api/sessions"),
            503,
            "unavailable");
        problem(
            api().body("{\"parameters\": {}}").put(TASKS + "/none/runs/one"),
            404,
            "task_not_found");
        // Who knows the address of a trigger is no stranger.
        given().body("{}").post(URI.create(hook).getPath()).then().statusCode(202);
        assertEquals(budget.capacity() / 2 + 1, others.bytes());
      }
      given()
          .contentType("application/json")
          .body("{\"username\": \"admin\", \"password\": \"wrong\"}")
          .post("/api/sessions")
          .then()
          .statusCode(401);
    }
  }

  @Test
  void theTreeOfADeliveryIsHeldForInAnyCharsetAndType() {
    String many = "[" + "{},".repeat(80_000) + "{}]";
    try (ScriptedModel model = new ScriptedModel()) {
      Api.register("hooked", "Hello", model).then().statusCode(lessThan(300));
      String hook =
          api()
              .body("{\"name\": \"many\"}")
              .post(TASKS + "/hooked/triggers")
              .then()
              .statusCode(201)
              .extract()
              .path("url");
      String path = URI.create(hook).getPath();
      Map<String, String> none = Map.of();
      try (Reservation others = budget.reserve(budget.capacity() - 4 * 1024 * 1024)) {
        byte[] ebcdic = many.getBytes(Charset.forName("IBM037"));
        problem(Hooks.post(path, "text/plain; charset=IBM037", ebcdic, none), 503, "unavailable");
        byte[] utf8 = many.getBytes(StandardCharsets.UTF_8);
        problem(Hooks.post(path, "application/octet-stream", utf8, none), 503, "unavailable");
        problem(Hooks.post(path, "application/json", utf8, none), 503, "unavailable");
        assertTrue(others.bytes() > 0);
      }
    }
  }

  @Test
  void aTreeThatNeverFitsIsTooLarge() throws Exception {
    String many = "{\"parameters\": {\"a\": [" + MANY_OBJECTS + "{}]}}";
    problem(api().body(many).post(TASKS + "/none/preview"), 413, "too_large")
        .then()
        .body("detail", containsString("errand.memory.parse-budget"));
    assertEquals(413, sendInChunks(TASKS + "/none/preview", many).statusCode());
  }

  @Test
  void parametersThatAreTooManyAreNotParsed() {
    register();
    problem(api().body(TOO_MANY_PARAMETERS).put(TASKS + "/sized/runs/one"), 413, "too_large");
    String fits =
        "{\"parameters\": {\"text\": \"" + "\\u0041".repeat(200_000) + "\"}}" + " ".repeat(500_000);
    api().body(fits).put(TASKS + "/sized/runs/two").then().statusCode(201);
  }

  @Test
  void eachOfManyConcurrentRequestsGetsItsOwnAnswer() throws Exception {
    register();
    List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      for (int i = 0; i < 60; i++) {
        all.add(
            client.sendAsync(
                put(TASKS + "/sized/runs/many-" + i)
                    .PUT(HttpRequest.BodyPublishers.ofString(TOO_MANY_PARAMETERS))
                    .build(),
                HttpResponse.BodyHandlers.ofString()));
      }
      for (CompletableFuture<HttpResponse<String>> one : all) {
        HttpResponse<String> answer = one.join();
        assertTrue(
            answer.statusCode() == 413 || answer.statusCode() == 503,
            answer.statusCode() + answer.body());
        assertEquals(
            "application/problem+json", answer.headers().firstValue("Content-Type").orElse(""));
        assertEquals(
            answer.statusCode() == 503, answer.headers().firstValue("Retry-After").isPresent());
      }
    }
  }

  private Socket begin(String method, String path, String field, int length) throws IOException {
    Socket socket = new Socket(root.getHost(), root.getPort());
    String head =
        "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n%s\r\nContent-Length: %d\r\n\r\n{"
            .formatted(method, path, field, length);
    socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }

  private static void register() {
    Api.register("sized", "Read {{text}}", "http://localhost:9/v1", Map.of("key", "sk-no-key-1234"))
        .then()
        .statusCode(lessThan(300));
  }

  private HttpRequest.Builder put(String path) {
    return HttpRequest.newBuilder(root.resolve(path))
        .header("Cookie", "sessionId=" + Api.SESSION)
        .header("Content-Type", "application/json");
  }

  private HttpResponse<String> sendInChunks(String path, String body) throws Exception {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return client.send(
          put(path)
              .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
