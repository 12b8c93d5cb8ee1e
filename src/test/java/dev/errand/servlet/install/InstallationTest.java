package dev.errand.servlet.install;

import static dev.errand.support.Api.api;
import static dev.errand.support.Servlets.address;
import static dev.errand.support.Servlets.publish;
import static dev.errand.support.Servlets.variant;
import static dev.errand.support.Servlets.wasm;
import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.errand.support.OtherUser;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class InstallationTest {
  static final String INSTALLATIONS = "/api/profiles/~/default/installations";

  @Inject DataSource database;

  @Test
  void whatIsInstalledIsShownInTheShapeThatClientsRead() {
    byte[] wasm = variant("c_echo", "shape");
    publish(
            "admin/shape",
            "description=Echo&visibility=public&domains=a.example&config=token,tone",
            wasm)
        .then()
        .statusCode(201);
    install(
            """
            {"servlet_slug": "admin/shape", "name": "mine", "allow_update": true,
             "settings": {"config": {"token": "s3cret-value"},
                          "network": {"domains": ["b.example", "*.c.example"]},
                          "filesystem": {"volumes": {}}}}""")
        .then()
        .statusCode(201)
        .body("name", equalTo("mine"))
        .body("settings.config", equalTo(Map.of("token", "set", "tone", "unset")));
    Response list = api().get("/api/profiles/admin/default/installations");
    list.then()
        .statusCode(200)
        .body("installs.name", hasItem("fetch"))
        .rootPath("installs.find { it.name == 'mine' }")
        .body("settings.config", equalTo(Map.of("token", "set", "tone", "unset")))
        .body("settings.permissions.network.domains", contains("b.example", "*.c.example"))
        .body("settings.permissions.filesystem.volumes", anEmptyMap())
        .body("allow_update", equalTo(true))
        .body("disabled_tools", hasSize(0))
        .body("created_at", endsWith("Z"))
        .body("modified_at", endsWith("Z"))
        .body("binding.contentAddress", equalTo(address(wasm)))
        .body("binding.updatedAt", endsWith("Z"))
        .body("binding.id.length()", equalTo(36))
        .body("servlet.slug", equalTo("admin/shape"))
        .body("servlet.has_client", equalTo(false))
        .body("servlet.meta.description", equalTo("Echo"))
        .body("servlet.meta.lastContentAddress", equalTo(address(wasm)))
        .body("servlet.meta.requirements.domains", contains("a.example"))
        .body("servlet.meta.schema.tools[0].name", equalTo("echo"))
        .body("servlet.meta.schema.tools[0].inputSchema.type", equalTo("object"));
    assertFalse(list.asString().contains("s3cret-value"));
    look("mine").body("servlet.slug", equalTo("admin/shape"));
    api().get("/api/servlets?q=admin/shape").then().body("[0].installation_count", equalTo(1));
    api()
        .get(INSTALLATIONS + "/mine/oauth")
        .then()
        .statusCode(404)
        .body("code", equalTo("no_oauth"));

    api().delete(INSTALLATIONS + "/mine").then().statusCode(204);
    api()
        .delete(INSTALLATIONS + "/mine")
        .then()
        .statusCode(404)
        .body("code", equalTo("installation_not_found"));
  }

  @Test
  void settingsAreSealedAndWhatAnswersShowOfThemKeepsThem() throws SQLException {
    publish("admin/config", "", wasm("config_echo")).then().statusCode(201);
    install(
            """
            {"servlet_slug": "admin/config",
             "settings": {"config": {"answer": "kept-secret", "other": "o"}}}""")
        .then()
        .statusCode(201);
    assertFalse(new String(sealed("config"), StandardCharsets.ISO_8859_1).contains("kept-secret"));

    // What was read may be written back: set keeps, a key left out of a PUT goes.
    put("config", "{\"settings\": {\"config\": {\"answer\": \"set\", \"more\": \"m\"}}}")
        .statusCode(200)
        .body("settings.config", equalTo(Map.of("answer", "set", "more", "set")));
    patch("config", "{\"settings\": {\"config\": {\"more\": null}}}")
        .statusCode(200)
        .body("settings.config", equalTo(Map.of("answer", "set")));
    put("config", "{\"allow_update\": true}")
        .body("settings.config", equalTo(Map.of("answer", "set")));
    api()
        .body("{}")
        .post(INSTALLATIONS + "/config/tools/probe")
        .then()
        .statusCode(200)
        .body("content[0].text", containsString("kept-secret"));
    put("config", "{\"settings\": {\"config\": {\"never\": \"set\"}}}")
        .statusCode(400)
        .body("errors[0].field", equalTo("settings.config.never"));
    put("config", "{\"settings\": {\"config\": {}}}").body("settings.config", anEmptyMap());
    put("config", "{\"settings\": {\"config\": {\"a\": {\"b\": 1}}}}").statusCode(400);
  }

  private byte[] sealed(String name) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT config_sealed FROM installation WHERE name = '" + name + "'")) {
      row.next();
      return row.getBytes(1);
    }
  }

  @Test
  void whatIsNotValidIsSaidByField() {
    publish("admin/strict", "", wasm("count")).then().statusCode(201);
    invalid("{}", "servlet_slug");
    invalid("{\"servlet_slug\": \"strict\"}", "servlet_slug");
    invalid(strict("\"name\": \"a/b\""), "name");
    invalid(strict("\"surprise\": 1"), "surprise");
    invalid(strict("\"disabled_tools\": [\"nothing\"]"), "disabled_tools");
    invalid(
        strict("\"settings\": {\"network\": {\"domains\": [\"https://a.example\"]}}"),
        "settings.network.domains");
    invalid(
        strict("\"settings\": {\"permissions\": {\"network\": {\"domains\": [\"a.*\"]}}}"),
        "settings.permissions.network.domains");
    invalid(
        strict("\"settings\": {\"network\": {\"domains\": [null]}}"), "settings.network.domains");
    invalid(
        strict("\"settings\": {\"filesystem\": {\"volumes\": {\"/a\": \"/b\"}}}"),
        "settings.filesystem.volumes");
    invalid(strict("\"settings\": {\"config\": {\"\": \"x\"}}"), "settings.config");
    install("{\"servlet_slug\": \"admin/nothing\"}")
        .then()
        .statusCode(404)
        .body("code", equalTo("servlet_not_found"));
    install("{\"servlet_slug\": \"admin/strict\", \"name\": \"fetch\"}")
        .then()
        .statusCode(409)
        .body("code", equalTo("already_exists"));
    api().get(INSTALLATIONS + "/a%00b").then().statusCode(404);
    api().get("/api/profiles/~/nothing/installations").then().statusCode(404);
    install("").then().statusCode(400);
    api().get(INSTALLATIONS).then().body("installs.name", not(hasItem("strict")));
  }

  private static String strict(String more) {
    return "{\"servlet_slug\": \"admin/strict\", " + more + "}";
  }

  private static void invalid(String body, String field) {
    install(body)
        .then()
        .statusCode(400)
        .body("code", equalTo("invalid_input"))
        .body("errors[0].field", equalTo(field));
  }

  @Test
  void aStarIsThereOnlyWhenItIsWritten() {
    publish("admin/star", "domains=*&visibility=public", wasm("count")).then().statusCode(201);
    install("{\"servlet_slug\": \"admin/star\", \"name\": \"none\"}")
        .then()
        .body("settings.permissions.network.domains", hasSize(0));
    put("none", "{\"settings\": {\"permissions\": {\"network\": {\"domains\": [\"*\"]}}}}")
        .body("settings.permissions.network.domains", contains("*"));
    put("none", "{}").body("settings.permissions.network.domains", contains("*"));
  }

  @Test
  void whatFollowsGetsTheNewestAndWhatIsPinnedStays() {
    byte[] first = variant("count", "follow 1");
    byte[] second = variant("count", "follow 2");
    publish("admin/follow", "", first).then().statusCode(201);
    install("{\"servlet_slug\": \"admin/follow\", \"name\": \"follows\", \"allow_update\": true}");
    install("{\"servlet_slug\": \"admin/follow\", \"name\": \"pinned\"}");
    publish("admin/follow", "", second).then().statusCode(200);
    has("follows", second);
    has("pinned", first);
    look("pinned").body("servlet.meta.lastContentAddress", equalTo(address(second)));

    put("pinned", "{\"address\": \"" + address(second) + "\"}").statusCode(200);
    has("pinned", second);
    String yank = "/api/servlets/admin/follow/versions/" + address(second) + "/yank";
    api().post(yank).then().statusCode(200);
    has("follows", first);
    has("pinned", second);
    put("follows", "{\"address\": \"" + address(second) + "\"}")
        .statusCode(400)
        .body("detail", containsString("yanked"));
    put("follows", "{\"address\": \"" + "0".repeat(64) + "\"}")
        .statusCode(404)
        .body("code", equalTo("version_not_found"));
    put("follows", "{\"address\": \"" + address(first) + "\", \"allow_update\": true}")
        .statusCode(400);
    install("{\"servlet_slug\": \"admin/follow\", \"name\": \"late\"}").then().statusCode(201);
    has("late", first);
    api().delete(yank).then().statusCode(200);
    has("follows", second);
    has("late", first);
    put("late", "{\"allow_update\": true, \"name\": \"later\"}").statusCode(200);
    has("later", second);

    api().post(yank);
    api().post("/api/servlets/admin/follow/versions/" + address(first) + "/yank");
    has("follows", first);
    install("{\"servlet_slug\": \"admin/follow\", \"name\": \"never\"}")
        .then()
        .statusCode(404)
        .body("code", equalTo("version_not_found"));
  }

  @Test
  void aServletThatBecomesPrivateKeepsItsNewBytesToItsOwner() {
    byte[] first = variant("count", "private 1");
    byte[] second = variant("count", "private 2");
    OtherUser erin = OtherUser.named("erin", database);
    publish("admin/closing", "visibility=public", first).then().statusCode(201);
    install("{\"servlet_slug\": \"admin/closing\", \"allow_update\": true}");
    erin.api()
        .body("{\"servlet_slug\": \"admin/closing\", \"allow_update\": true}")
        .post(INSTALLATIONS)
        .then()
        .statusCode(201);
    publish("admin/closing", "visibility=private", second).then().statusCode(200);
    has("closing", second);
    erin.api()
        .get(INSTALLATIONS + "/closing")
        .then()
        .statusCode(200)
        .body("binding.contentAddress", equalTo(address(first)));
    erin.api()
        .body("{\"address\": \"" + address(second) + "\"}")
        .put(INSTALLATIONS + "/closing")
        .then()
        .statusCode(404);
    erin.api()
        .body("{\"servlet_slug\": \"admin/closing\", \"name\": \"again\"}")
        .post(INSTALLATIONS)
        .then()
        .statusCode(404);
    api().get("/api/profiles/erin/default/installations").then().statusCode(404);
  }

  @Test
  void theListIsKnownOnlyToWhoGotItAfterTheLastChangeHadSettled() {
    publish("admin/dated", "", wasm("count")).then().statusCode(201);
    OtherUser frank = OtherUser.named("frank", database);
    Response first = frank.api().get(INSTALLATIONS);
    assertEquals(1, first.headers().getList("Date").size());
    // A change within the same second, and one told of before it is old enough, are not lost.
    frank
        .api()
        .header("If-Modified-Since", first.header("Date"))
        .get(INSTALLATIONS)
        .then()
        .statusCode(200);

    age("frank");
    Response second = frank.api().get(INSTALLATIONS);
    for (String header : List.of("Date", "Last-Modified")) {
      frank
          .api()
          .header("If-Modified-Since", second.header(header))
          .get(INSTALLATIONS)
          .then()
          .statusCode(304)
          .header("Date", not(equalTo("")));
    }
    frank
        .api()
        .body("{\"servlet_slug\": \"errand/fetch\"}")
        .post(INSTALLATIONS)
        .then()
        .statusCode(201);
    String inTheFuture = "Fri, 01 Jan 2100 00:00:00 GMT";
    for (String since : List.of(second.header("Date"), inTheFuture, "yesterday")) {
      frank
          .api()
          .header("If-Modified-Since", since)
          .get(INSTALLATIONS)
          .then()
          .statusCode(200)
          .body("installs", hasSize(1));
    }
    frank.api().delete(INSTALLATIONS + "/fetch").then().statusCode(204);
    Response last =
        frank.api().header("If-Modified-Since", second.header("Date")).get(INSTALLATIONS);
    last.then().statusCode(200).body("installs", hasSize(0));
  }

  private void age(String username) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "UPDATE profile SET created_at = created_at - interval '1 hour' WHERE account_id ="
              + " (SELECT id FROM account WHERE username = '"
              + username
              + "')");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void has(String name, byte[] wasm) {
    look(name).body("binding.contentAddress", equalTo(address(wasm)));
  }

  private static Response install(String body) {
    return api().body(body).post(INSTALLATIONS);
  }

  private static ValidatableResponse look(String name) {
    return api().get(INSTALLATIONS + "/" + name).then().statusCode(200);
  }

  private static ValidatableResponse put(String name, String body) {
    return api().body(body).put(INSTALLATIONS + "/" + name).then();
  }

  private static ValidatableResponse patch(String name, String body) {
    return api().body(body).patch(INSTALLATIONS + "/" + name).then();
  }
}
