package dev.errand.tools.install;

import static dev.errand.support.Api.api;
import static dev.errand.support.Servlets.address;
import static dev.errand.support.Servlets.publish;
import static dev.errand.support.Servlets.variant;
import static dev.errand.support.Servlets.wasm;
import static dev.errand.tools.install.InstallationTest.INSTALLATIONS;
import static dev.errand.tools.install.InstallationTest.install;
import static dev.errand.tools.install.InstallationTest.look;
import static dev.errand.tools.install.InstallationTest.put;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.containsStringIgnoringCase;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.support.OtherUser;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is installed goes along with what is published, and clients with what is installed. */
@Tag("lambda")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class FollowingTest {
  @Inject DataSource database;

  @Test
  void followingInstallationsUpdateAndPinnedOnesStay() {
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
  void aVersionIsNamedByItsNumberOrAsTheLatest() {
    byte[] first = variant("count", "named 1");
    byte[] second = variant("count", "named 2");
    publish("admin/named", "", first).then().statusCode(201).body("behind", hasSize(0));
    install("{\"servlet_slug\": \"admin/named\", \"name\": \"stays\"}");
    install("{\"servlet_slug\": \"admin/named\", \"name\": \"goes\", \"allow_update\": true}");
    publish("admin/named", "", second)
        .then()
        .statusCode(200)
        .body("behind.name", contains("stays"))
        .body("behind[0].profile", equalTo("default"))
        .body("behind[0].number", equalTo(1))
        .body(
            "behind[0].update",
            containsString("\"$ERRAND" + INSTALLATIONS.replace("~", "admin") + "/stays\""))
        .body("behind[0].update", endsWith("-d '{\"address\":\"latest\"}'"));
    OtherUser.named("grace", database)
        .api()
        .get("/api/servlets/admin/named")
        .then()
        .statusCode(404);

    put("stays", "{\"address\": \"latest\"}").statusCode(200).body("allow_update", equalTo(false));
    has("stays", second);
    api().get("/api/servlets/admin/named").then().body("behind", hasSize(0));
    put("stays", "{\"address\": \"1\"}").statusCode(200);
    has("stays", first);
    put("stays", "{\"address\": \"2\"}").statusCode(200);
    has("stays", second);
    put("stays", "{\"address\": \"3\"}")
        .statusCode(404)
        .body("detail", containsString("has no version 3"));
    put("stays", "{\"address\": \"latest\", \"allow_update\": true}")
        .statusCode(200)
        .body("allow_update", equalTo(true));
    install("{\"servlet_slug\": \"~/named\", \"name\": \"old\", \"address\": \"1\"}")
        .then()
        .statusCode(201);
    has("old", first);
    install("{\"servlet_slug\": \"~/named\", \"name\": \"new\", \"address\": \"latest\"}")
        .then()
        .statusCode(201);
    has("new", second);
  }

  @Test
  void aServletIsNotDeletedWhileItIsInstalled() {
    publish("admin/used", "visibility=public", wasm("count")).then().statusCode(201);
    install("{\"servlet_slug\": \"admin/used\", \"name\": \"mine\"}").then().statusCode(201);
    OtherUser heidi = OtherUser.named("heidi", database);
    heidi
        .api()
        .body("{\"servlet_slug\": \"admin/used\", \"name\": \"hers\"}")
        .post(INSTALLATIONS)
        .then()
        .statusCode(201);
    heidi.api().delete("/api/servlets/admin/used").then().statusCode(403);
    api()
        .delete("/api/servlets/admin/used")
        .then()
        .statusCode(409)
        .body("code", equalTo("servlet_in_use"))
        .body("detail", containsString("installed by admin/default as mine, the user heidi:"));
    api().delete(INSTALLATIONS + "/mine").then().statusCode(204);
    api().delete("/api/servlets/admin/used").then().statusCode(409);
    heidi.api().delete(INSTALLATIONS + "/hers").then().statusCode(204);
    api().delete("/api/servlets/admin/used").then().statusCode(204);
  }

  @Test
  void theOwnerInASlugMayBeTheCaller() {
    publish("~/caller", "", wasm("count")).then().statusCode(201);
    install("{\"servlet_slug\": \"~/caller\"}")
        .then()
        .statusCode(201)
        .body("servlet.slug", equalTo("admin/caller"));
    put("caller", "{\"servlet_slug\": \"~/caller\"}").statusCode(200);
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
    publish(
            "admin/closing",
            "visibility=private&description=Secret&domains=secret.test&config=secret",
            second)
        .then()
        .statusCode(200);
    look("closing")
        .body("servlet.meta.lastContentAddress", equalTo(address(second)))
        .body("servlet.meta.description", equalTo("Secret"))
        .body("settings.config.secret", equalTo("unset"));
    has("closing", second);
    erin.api()
        .get(INSTALLATIONS + "/closing")
        .then()
        .statusCode(200)
        .body("binding.contentAddress", equalTo(address(first)))
        .body("servlet.meta.lastContentAddress", equalTo(address(first)))
        .body("servlet.meta.schema.tools.name", equalTo(List.of("probe")))
        .body(not(containsStringIgnoringCase("secret")));
    erin.api()
        .get(INSTALLATIONS)
        .then()
        .statusCode(200)
        .body("installs", hasSize(1))
        .body(not(containsStringIgnoringCase("secret")))
        .body(not(containsString(address(second))));
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
    // A change within the same second, and one announced before it has settled, are not lost.
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
}
