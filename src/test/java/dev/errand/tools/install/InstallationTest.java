package dev.errand.tools.install;

import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
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
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("lambda")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class InstallationTest {
  static final String INSTALLATIONS = "/api/profiles/~/default/installations";

  @Inject DataSource database;

  @Test
  void installationsAreShownInTheShapeThatClientsRead() {
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
  void invalidFieldsAreReported() {
    publish("admin/strict", "", wasm("count")).then().statusCode(201);
    invalid("{}", "servlet_slug");
    invalid("{\"servlet_slug\": \"strict\"}", "servlet_slug");
    problem(api().body("{\"servlet_slug\": \"strict\"}").post(INSTALLATIONS), 400, "invalid_input")
        .then()
        .body("detail", containsString("did you mean ~/strict"));
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
        strict("\"settings\": {\"network\": {\"domains\": [null]}}"),
        "settings.network.domains[0]");
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
  void warningsNameWhatTheInstallationLacks() {
    publish("admin/needy", "domains=a.example,*.b.example&config=API_KEY", wasm("config_echo"))
        .then()
        .statusCode(201);
    install(
            """
            {"servlet_slug": "admin/needy", "settings": {"config": {"api_key": "x"},
             "network": {"domains": ["c.example", "*.b.example"]}}}""")
        .then()
        .statusCode(201)
        .body("warnings.code", contains("config_missing", "domains_not_granted", "config_unknown"))
        .body("warnings[0].message", containsString("the setting \"API_KEY\", which has no value"))
        .body(
            "warnings[0].message",
            containsString(
                "curl -X PATCH \"$ERRAND/api/profiles/admin/default/installations/needy\""))
        .body(
            "warnings[0].message",
            containsString("{\"settings\":{\"config\":{\"API_KEY\":\"YOUR_VALUE_HERE\"}}}"))
        .body(
            "warnings[1].message",
            containsString("\"domains\":[\"c.example\",\"*.b.example\",\"a.example\"]"))
        .body("warnings[2].message", containsString("\"api_key\"; did you mean \"API_KEY\"?"));
    look("needy").body("warnings", hasSize(3));
    api()
        .get(INSTALLATIONS)
        .then()
        .body("installs.find { it.name == 'needy' }.warnings", hasSize(3));
    patch(
            "needy",
            """
            {"settings": {"config": {"API_KEY": "x", "api_key": null},
             "network": {"domains": ["*.example", "*.b.example"]}}}""")
        .statusCode(200)
        .body("warnings", hasSize(0));
  }

  @Test
  void anEmptyAddressIsRefusedByField() {
    for (String address : List.of("", " ")) {
      install(
              "{\"servlet_slug\": \"errand/calc\", \"name\": \"blank\", \"address\": \""
                  + address
                  + "\"}")
          .then()
          .statusCode(400)
          .body("errors[0].field", equalTo("address"))
          .body("detail", containsString("content address"));
    }
    install("{\"servlet_slug\": \"errand/calc\", \"name\": \"unblank\"}").then().statusCode(201);
    patch("unblank", "{\"address\": \"\"}")
        .statusCode(400)
        .body("errors[0].field", equalTo("address"));
  }

  @Test
  void aSlugThatIsUnknownIsAnsweredWithOneThatTheCallerMaySee() {
    publish("admin/slugged", "", wasm("count")).then().statusCode(201);
    publish(OtherUser.named("sly", database).session(), "sly/unseen", "", wasm("count"))
        .then()
        .statusCode(201);
    for (String[] pair :
        new String[][] {
          {"fetch", "did you mean errand/fetch?"},
          {"slugged", "did you mean ~/slugged?"},
          {"errand/fech", "did you mean errand/fetch?"},
          {"Errand/fetch", "did you mean errand/fetch?"},
          {"~/sluged", "did you mean admin/slugged?"}
        }) {
      install("{\"servlet_slug\": \"" + pair[0] + "\"}")
          .then()
          .body("status", lessThan(500))
          .body("detail", containsString(pair[1]));
    }
    for (String slug : List.of("~", "nothing-like-it", "sly", "sly/unsee")) {
      install("{\"servlet_slug\": \"" + slug + "\"}")
          .then()
          .body("status", lessThan(500))
          .body("detail", not(containsString("did you mean")));
    }
    install("{\"servlet_slug\": \"~\"}")
        .then()
        .statusCode(400)
        .body("detail", containsString("owner/name"));
  }

  @Test
  void aPlaceholderIsNoValueOfASetting() {
    for (String value : List.of("YOUR_VALUE_HERE", "…")) {
      install(
              "{\"servlet_slug\": \"errand/calc\", \"name\": \"held\","
                  + " \"settings\": {\"config\": {\"K\": \""
                  + value
                  + "\"}}}")
          .then()
          .statusCode(400)
          .body("errors[0].field", equalTo("settings.config.K"))
          .body("detail", containsString("placeholder"));
    }
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

  static Response install(String body) {
    return api().body(body).post(INSTALLATIONS);
  }

  static ValidatableResponse look(String name) {
    return api().get(INSTALLATIONS + "/" + name).then().statusCode(200);
  }

  static ValidatableResponse put(String name, String body) {
    return api().body(body).put(INSTALLATIONS + "/" + name).then();
  }

  private static ValidatableResponse patch(String name, String body) {
    return api().body(body).patch(INSTALLATIONS + "/" + name).then();
  }
}
