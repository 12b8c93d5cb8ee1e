package dev.errand.tools.install;

import static dev.errand.support.Servlets.publish;
import static dev.errand.support.Servlets.wasm;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.errand.base.json.Json;
import dev.errand.base.turn.WorkOwner;
import dev.errand.support.OtherUser;
import dev.errand.support.TestDatabase;
import dev.errand.tools.port.ToolCall;
import dev.errand.tools.port.ToolLog;
import dev.errand.tools.port.ToolOrigin;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.servlet.module.ContentAddress;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class CallOwnerTest {
  @Inject DataSource database;
  @Inject InstalledTools tools;
  @Inject Json json;

  @Test
  void aCallIsOfTheUserWhoOwnsTheProfileWhoeverMakesIt() throws Exception {
    publish("admin/shared", "visibility=public", wasm("c_echo")).then().statusCode(201);
    OtherUser.named("owning", database)
        .api()
        .body("{\"servlet_slug\": \"admin/shared\", \"name\": \"shared\"}")
        .post("/api/profiles/~/default/installations")
        .then()
        .statusCode(201);
    UUID profile =
        id(
            "SELECT profile.id FROM profile JOIN account ON account.id = account_id WHERE username"
                + " = 'owning'");
    UUID installation = id("SELECT id FROM installation WHERE profile_id = '" + profile + "'");
    List<WorkOwner> owners = new ArrayList<>();
    ToolResult result =
        tools.call(
            Audience.MODEL,
            (tool, call) -> {
              owners.add(tool.owner(profile));
              return ToolResult.text("called");
            },
            new ToolOrigin(installation, "echo", "admin/shared"),
            ContentAddress.of(wasm("c_echo")),
            "shared_echo",
            new ToolCall("call_1", json.object(), Instant.MAX, ToolLog.NONE));
    assertFalse(result.isError(), result::joinedText);
    assertEquals(
        List.of(new WorkOwner("owning", profile.toString(), installation.toString())), owners);
  }

  private UUID id(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getObject(1, UUID.class);
    }
  }
}
