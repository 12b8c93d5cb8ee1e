package dev.errand.base.budget;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Api;
import dev.errand.support.Eventually;
import dev.errand.support.Metrics;
import dev.errand.support.SmallLimits;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(SmallLimits.class)
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
  void bodiesWithoutRoomAreToBeRetried() {
    long refused = budget.refused();
    try (Reservation others = budget.reserve(budget.capacity())) {
      problem(api().body("{\"parameters\": {}}").put(TASKS + "/none/runs/one"), 503, "unavailable")
          .then()
          .header("Retry-After", "5");
      problem(api().body(new byte[] {'x'}).post("/hooks/nothing"), 503, "unavailable");
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
