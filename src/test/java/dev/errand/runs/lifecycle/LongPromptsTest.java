package dev.errand.runs.lifecycle;

import static dev.errand.support.Api.api;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.limit.ReadBudget;
import dev.errand.support.Api;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.Collections;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Long prompts are made of few bytes, and hold memory until the answer is sent. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class LongPromptsTest {
  private static final String TASK = Api.TASKS + "/long-prompt";
  private static final Map<String, Object> LONG =
      Map.of("parameters", Map.of("l", Collections.nCopies(10, 1)));
  private static final Map<String, Object> SHORT = Map.of("parameters", Map.of());

  @Inject ReadBudget budget;

  @AfterEach
  void tidyUp() {
    api().delete(TASK + "?force=true");
  }

  @Test
  void aLongPromptIsMadeOnlyWhereThereIsMemoryForIt() {
    api()
        .body(
            Map.of(
                "runner", "openai",
                "openai",
                    Map.of(
                        "prompt", "Go{{#l}}" + "y".repeat(200_000) + "{{/l}}",
                        "model", "m",
                        "base_url", "http://localhost:1"),
                "settings", Map.of("key", "sk-a-key-for-tests-1234")))
        .put(TASK)
        .then()
        .statusCode(201);
    Supplier<ValidatableResponse> run = () -> api().body(LONG).put(TASK + "/runs/long").then();
    Supplier<ValidatableResponse> preview = () -> api().body(LONG).post(TASK + "/preview").then();
    try (ReadBudget.Held share = budget.open("admin")) {
      share.holdHeap(budget.capacity());
      run.get().statusCode(503).body("code", equalTo("unavailable"));
      preview.get().statusCode(503).body("code", equalTo("unavailable"));
      api().body(SHORT).put(TASK + "/runs/short").then().statusCode(201);
    }
    run.get().statusCode(201);
    String message =
        preview.get().statusCode(200).extract().jsonPath().getString("messages[0].content");
    assertTrue(message.length() > 2_000_000);
  }
}
