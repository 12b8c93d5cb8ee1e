package dev.errand.automation.trigger;

import static dev.errand.automation.trigger.Hooks.post;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static dev.errand.support.ScriptedModel.say;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class TriggerAddressTest {
  private static final String SIGNED = "/api/tasks/~/default/hooked/signed";
  private static final String TRIGGERS = TASKS + "/hooked/triggers";
  private static final String JSON = "application/json";

  private final ScriptedModel model = new ScriptedModel();

  @Inject DataSource database;

  @BeforeEach
  void aTask() {
    model.script(request -> say(request.lastMessage().path("content").asText()));
    register("hooked", "{{# who }}Greet {{ who }}. {{/ who }}{{ @payload }}", model);
  }

  @AfterEach
  void stop() {
    api().delete("/api/profiles/~/default/pause");
    api().delete(TASKS + "/hooked?force=true").then().statusCode(204);
    model.close();
  }

  @Test
  void theSignedUrlStaysTheSameUntilItIsWithdrawn() {
    String url = signedUrl();
    assertEquals(url, signedUrl());
    api().get(TRIGGERS).then().body("name", equalTo(List.of("signed")));
    api().get(TRIGGERS + "/signed").then().body("url", equalTo(url));

    api().delete(TRIGGERS + "/signed").then().statusCode(204);
    problem(post(url, JSON, "{}"), 410, "trigger_gone");
    problem(api().delete(TRIGGERS + "/signed"), 404, "trigger_not_found");
    assertNotEquals(url, signedUrl());
    problem(post(url, JSON, "{}"), 410, "trigger_gone");
  }

  @Test
  void anAddressThatWasMadeUpOrChangedIsNone() {
    String url = signedUrl();
    int start = url.length() - 64;
    for (int at : new int[] {0, 10, 21, 22, 40, 63}) {
      char other = url.charAt(start + at) == 'A' ? 'B' : 'A';
      String changed = url.substring(0, start + at) + other + url.substring(start + at + 1);
      problem(post(changed, JSON, "{}"), 404, "not_found");
    }
    problem(post(url.substring(0, url.length() - 1), JSON, "{}"), 404, "not_found");
    problem(post(url + "A", JSON, "{}"), 404, "not_found");
    problem(post(url.substring(0, start) + "A".repeat(64), JSON, "{}"), 404, "not_found");
    problem(post(url.substring(0, start) + "%00", JSON, "{}"), 404, "not_found");
    problem(api().get(url), 405, "method_not_allowed");
    api().get(TASKS + "/hooked/runs").then().body("$", hasSize(0));
  }

  @Test
  void anAddressEndsWhenItWasSaidTo() throws SQLException {
    String end = Instant.now().plusSeconds(3600).toString();
    String url =
        api()
            .body(Map.of("name", "brief", "expires_at", end))
            .post(TRIGGERS)
            .then()
            .statusCode(201)
            .body("scheme", equalTo("url"))
            .body("expires_at", startsWith(end.substring(0, 19)))
            .extract()
            .path("url");
    Hooks.run(post(url, JSON, "{}"));

    run("UPDATE task_trigger SET expires_at = now() - interval '1 second' WHERE name = 'brief'");
    problem(post(url, JSON, "{}"), 410, "trigger_gone");
    api().get(TASKS + "/hooked/runs").then().body("$", hasSize(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2199-01-31T12:00:00.123456789Z",
        "2199-01-31 13:00:00.1239+0100",
        "20990131T120000,123Z"
      })
  void anEndMayHaveAnyFractionAndOffsetAndIsRoundedDown(String end) {
    api()
        .body(Map.of("name", "brief", "expires_at", end))
        .post(TRIGGERS)
        .then()
        .statusCode(201)
        .body("expires_at", endsWith("-01-31T12:00:00.123Z"));
  }

  @Test
  void aListLeavesOutTheAddressesThatOpenWithoutMore() {
    api().post(TRIGGERS).then().statusCode(201).body("name", startsWith("url-"));
    api().post(TRIGGERS).then().statusCode(201);
    Hooks.url("hooked", "verified", "bearer", List.of("a-long-secret-of-mine"));

    api()
        .get(TRIGGERS)
        .then()
        .body("$", hasSize(3))
        .body("findAll { it.scheme == 'url' }", everyItem(not(hasKey("url"))))
        .body("find { it.name == 'verified' }", hasKey("url"))
        .body("name", hasItem("verified"));
  }

  @Test
  void theTriggersOfADeletedTaskGoWithIt() {
    String url = signedUrl();
    ended("hooked", Hooks.run(post(url, JSON, "{}")));
    api().delete(TASKS + "/hooked").then().statusCode(204);
    problem(post(url, JSON, "{}"), 410, "trigger_gone");

    register("hooked", "Anew", model).then().statusCode(201);
    problem(post(url, JSON, "{}"), 410, "trigger_gone");
    api().get(TRIGGERS).then().body("$", hasSize(0));
  }

  @Test
  void otherUsersNeitherSeeNorCreateTriggersOfATask() {
    OtherUser other = OtherUser.named("outsider", database);
    signedUrl();
    String theirs = "/api/profiles/admin/default/tasks/hooked/triggers";

    problem(other.api().get(theirs), 404, "profile_not_found");
    problem(other.api().post(theirs), 404, "profile_not_found");
    problem(other.api().delete(theirs + "/signed"), 404, "profile_not_found");
    problem(other.api().post("/api/tasks/admin/default/hooked/signed"), 404, "profile_not_found");
    problem(given().post(SIGNED), 401, "unauthenticated");
  }

  private static String signedUrl() {
    return api().post(SIGNED).then().statusCode(200).extract().path("url");
  }

  private void run(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }
}
