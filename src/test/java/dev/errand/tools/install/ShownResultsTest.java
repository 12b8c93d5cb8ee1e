package dev.errand.tools.install;

import static dev.errand.support.Api.api;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.limit.ReadBudget;
import dev.errand.support.Chat;
import dev.errand.support.ScriptedMcp;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Results of tools that requests are answered with hold memory. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ShownResultsTest {
  private static final String INSTALLATIONS = "/api/profiles/~/default/installations";

  @Inject ReadBudget budget;

  private final ScriptedMcp server = new ScriptedMcp();
  private final Chat chat = Chat.ofTests();

  @AfterEach
  void tidyUp() {
    api().delete(INSTALLATIONS + "/large");
    server.close();
  }

  @Test
  void aLargeResultIsAnsweredOnlyWhereThereIsMemoryForIt() {
    server.tools(ScriptedMcp.tool("tree", ""));
    api()
        .body(Map.of("name", "large", "mcp", Map.of("url", server.url())))
        .post(INSTALLATIONS)
        .then()
        .statusCode(201);
    String lists = "[" + "[],".repeat(10_000) + "[]]";
    server.calls(
        request ->
            ScriptedMcp.result(
                "{\"content\": [{\"type\": \"text\", \"text\": \"Lists\"}],"
                    + " \"structuredContent\": {\"lists\": %s}}".formatted(lists)));
    Supplier<JsonPath> tried =
        () ->
            api()
                .body(Map.of())
                .post(INSTALLATIONS + "/large/tools/tree")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    for (Supplier<JsonPath> call : List.of(tried, () -> chat.call("large_tree", Map.of()))) {
      try (ReadBudget.Held share = budget.open("admin")) {
        share.holdHeap(budget.capacity());
        JsonPath refused = call.get();
        assertTrue(refused.getBoolean("isError"));
        assertEquals(1, refused.getList("content").size());
        String sentence = refused.getString("content[0].text");
        assertTrue(
            sentence.startsWith("The tool was called, and its answer was not read"), sentence);
      }
      JsonPath answer = call.get();
      assertFalse(answer.getBoolean("isError"));
      assertEquals(10_001, answer.getList(structured(answer) + ".lists").size());
    }
  }

  // In our own API, and in MCP.
  private static String structured(JsonPath answer) {
    return answer.get("structured_content") == null ? "structuredContent" : "structured_content";
  }
}
