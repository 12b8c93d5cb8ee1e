package dev.errand.tools.install;

import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.ScriptedMcp.tool;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedMcp;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What waits for a tool is told when the tool can't be called any more. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class InstallationGoneTest {
  private static final String PROFILE = "/api/profiles/admin/gone";
  private static final String CHAT = PROFILE + "/installations/chat";

  @Inject DataSource database;
  @Inject GoneInstallations gone;

  private final ScriptedMcp server = new ScriptedMcp();

  @BeforeEach
  void aServer() {
    api().body("{}").post(PROFILE).then().statusCode(201);
    server.tools(tool("post", ""), tool("search", ""));
    api()
        .body(
            """
            {"name": "chat", "mcp": {"url": "%s"}, "settings": {"on_change": "disable"},
             "approvals": {"post": "always"}}"""
                .formatted(server.url()))
        .post(PROFILE + "/installations")
        .then()
        .statusCode(201);
  }

  @AfterEach
  void tidyUp() {
    api().delete(PROFILE + "?force=true").then().statusCode(204);
    api().delete("/api/users/gone-editor");
    server.close();
  }

  private static UUID id() {
    return UUID.fromString(api().get(CHAT).path("binding.id"));
  }

  private static void patch(String body) {
    api().body(body).patch(CHAT).then().statusCode(200);
  }

  @Test
  void aToolThatIsSwitchedOffIsGoneOnce() {
    UUID id = id();
    patch("{\"disabled_tools\": []}");
    patch("{\"approvals\": {\"post\": \"never\"}}");
    assertEquals(0, gone.count(id));
    patch("{\"disabled_tools\": [\"post\"]}");
    assertEquals(1, gone.count(id));
    patch("{\"disabled_tools\": [\"post\"], \"name\": \"chat\"}");
    patch("{\"disabled_tools\": []}");
    assertEquals(1, gone.count(id));
    patch("{\"disabled_tools\": [\"search\", \"post\"]}");
    assertEquals(2, gone.count(id));
  }

  @Test
  void anInstallationWhoseToolsAreOffUntilTheirChangeIsAcceptedIsGoneOnce() {
    UUID id = id();
    api().post(CHAT + "/refresh").then().statusCode(200);
    assertEquals(0, gone.count(id));
    server.tools(tool("post", "Otherwise"));
    String digest = api().post(CHAT + "/refresh").path("mcp.change.digest");
    assertEquals(1, gone.count(id));
    api().post(CHAT + "/refresh").then().statusCode(200);
    api().body(Map.of("digest", digest)).post(CHAT + "/accept").then().statusCode(200);
    assertEquals(1, gone.count(id));
  }

  @Test
  void whatIsUninstalledIsGone() {
    UUID id = id();
    OtherUser editor = OtherUser.named("gone-editor", database);
    api()
        .body(Map.of("role", "editor"))
        .put(PROFILE + "/members/gone-editor")
        .then()
        .statusCode(201);
    problem(editor.api().delete(CHAT), 403, "approvals_loosened");
    assertEquals(0, gone.count(id));
    api().delete(CHAT).then().statusCode(204);
    assertEquals(1, gone.count(id));
  }
}
