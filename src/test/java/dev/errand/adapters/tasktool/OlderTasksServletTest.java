package dev.errand.adapters.tasktool;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static dev.errand.support.Servlets.address;
import static dev.errand.support.Servlets.wasm;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import dev.errand.tools.port.ToolSpec;
import dev.errand.tools.servlet.abi.InvalidServletException;
import dev.errand.tools.servlet.host.Fixture;
import dev.errand.tools.servlet.host.ServletHost;
import dev.errand.tools.servlet.module.Engine;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What has errand/tasks as the servlet that it was goes on, and no instance is made for it. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class OlderTasksServletTest {
  private static final String INSTALLATION = "/api/profiles/~/default/installations/older";

  // These bytes are not a module: executing them would fail.
  private static final byte[] OLDER =
      "An older version of errand/tasks".getBytes(StandardCharsets.UTF_8);

  private final ScriptedModel model = new ScriptedModel();

  @Inject DataSource database;
  @Inject ServletHost host;
  @Inject TaskToolSource source;

  @BeforeEach
  void olderVersion() throws SQLException {
    run(
        """
        INSERT INTO servlet_content (address, wasm, tools, tool_names)
        SELECT ?, ?, tools, tool_names FROM servlet_content WHERE address = ?
        ON CONFLICT DO NOTHING
        """,
        address(OLDER),
        OLDER,
        address(wasm("tasks")));
    // Below the newest, which it is older than.
    run(
        """
        UPDATE servlet_version SET number = number + 1
        WHERE number = 1 AND address <> ?
          AND servlet_id = (SELECT id FROM servlet WHERE owner = 'errand' AND name = 'tasks')
        """,
        address(OLDER));
    run(
        """
        INSERT INTO servlet_version (servlet_id, number, address)
        SELECT id, 1, ? FROM servlet WHERE owner = 'errand' AND name = 'tasks'
        ON CONFLICT DO NOTHING
        """,
        address(OLDER));
    api()
        .body(
            Map.of(
                "servlet_slug",
                "errand/tasks",
                "name",
                "older",
                "allow_update",
                false,
                "address",
                address(OLDER)))
        .post("/api/profiles/~/default/installations")
        .then()
        .statusCode(201)
        .body("binding.contentAddress", equalTo(address(OLDER)));
  }

  @AfterEach
  void uninstall() {
    api().delete(INSTALLATION);
    api().delete(TASKS + "/pinned?force=true");
    model.close();
  }

  @Test
  void aRunThatIsPinnedToAnOlderVersionContinues() {
    model.script(
        request ->
            switch (request.size()) {
              case 1 -> {
                // What is pinned stays, whatever is installed from now on.
                api().body("{\"allow_update\": true}").patch(INSTALLATION).then().statusCode(200);
                yield call("a", "older_list", "{}");
              }
              default -> say(request.lastMessage().path("content").asText());
            });
    register("pinned", "Begin", model).then().statusCode(201);
    trigger("pinned", "r", Map.of()).then().statusCode(201);
    JsonPath run = ended("pinned", "r");
    assertEquals("ready", run.getString("status"), run.prettify());
    List<Map<String, Object>> listed = JsonPath.from(run.getString("output")).getList("$");
    assertTrue(
        listed.contains(
            Map.of("task", "pinned", "prompt", "Begin", "model", "gpt-4o", "enabled", true)),
        run.prettify());
    assertEquals(Optional.empty(), host.loaded(address(OLDER)));
  }

  @Test
  void aPersonCallsItAndItsBytesAreServed() {
    String listed = api().body("{}").post(INSTALLATION + "/tools/list").asString();
    assertTrue(listed.contains("\"isError\":false"), listed);
    assertEquals(Optional.empty(), host.loaded(address(OLDER)));
    assertArrayEquals(OLDER, api().get("/api/c/" + address(OLDER)).asByteArray());
    assertArrayEquals(wasm("tasks"), api().get("/api/c/" + address(wasm("tasks"))).asByteArray());
    api()
        .get("/api/servlets/errand/tasks")
        .then()
        .statusCode(200)
        .body("address", equalTo(address(wasm("tasks"))))
        .body("versions.address", hasItem(address(OLDER)));
  }

  @Test
  void theToolsAreThoseThatTheServletDescribes()
      throws InvalidServletException, InterruptedException {
    Fixture fixture = new Fixture(Engine.INTERPRETED, "describe-time", "PT2M");
    assertEquals(
        told(fixture.host().describe(fixture.load("tasks"))),
        told(source.tools(address(wasm("tasks")))));
  }

  private static List<String> told(List<ToolSpec> specs) {
    return specs.stream()
        .map(spec -> spec.name() + "\n" + spec.description() + "\n" + spec.inputSchema())
        .toList();
  }

  private void run(String sql, Object... values) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }
}
