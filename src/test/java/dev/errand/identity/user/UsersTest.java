package dev.errand.identity.user;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Servlets.publish;
import static dev.errand.support.Servlets.variant;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Rights;
import dev.errand.identity.account.UserRole;
import dev.errand.support.ApiToken;
import dev.errand.support.Metrics;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How users are listed, created, changed, disabled and deleted. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class UsersTest {
  private static final String USERS = "/api/users";

  @Inject UserService users;
  @Inject DataSource database;

  @AfterEach
  void tidyUp() {
    put("admin", "{\"role\": \"admin\", \"disabled\": false, \"email\": \"\"}");
    api().delete(USERS + "/grace?force=true");
    api().delete(USERS + "/bot?force=true");
  }

  private static Response put(String name, String body) {
    return api().body(body).put(USERS + "/" + name);
  }

  @Test
  void anAdminCreatesAUserWhoHasAProfileWithTools() {
    put("grace", "{\"role\": \"member\", \"email\": \"grace@example.com\"}")
        .then()
        .statusCode(201)
        .body("username", equalTo("grace"))
        .body("role", equalTo("member"))
        .body("kind", equalTo("person"))
        .body("email", equalTo("grace@example.com"))
        .body("disabled", equalTo(false))
        .body("disabled_at", nullValue())
        .body("created_at", notNullValue());
    OtherUser grace = OtherUser.named("grace", database);
    grace.api().get(TASKS).then().statusCode(200).body("$", hasSize(0));
    grace
        .api()
        .get("/api/profiles/~/default/installations")
        .then()
        .statusCode(200)
        .body("installs.name", hasItems("fetch", "calc", "time", "json"));
    grace
        .api()
        .get(USERS + "/~")
        .then()
        .body("username", equalTo("grace"))
        .body("role", equalTo("member"))
        .body("kind", equalTo("person"))
        .body(
            "emails[0]",
            equalTo(Map.of("email", "grace@example.com", "primary", true, "verified", false)));
    api().get(USERS).then().statusCode(200).body("username", hasItems("admin", "grace"));
    put("bot", "{\"role\": \"member\", \"kind\": \"service\"}")
        .then()
        .statusCode(201)
        .body("kind", equalTo("service"));
  }

  @Test
  void omittedFieldsAreKept() {
    put("grace", "{\"role\": \"member\", \"email\": \"grace@example.com\"}");
    put("grace", "{\"role\": \"admin\", \"disabled\": true}").then().statusCode(200);
    put("grace", "{\"role\": \"member\"}")
        .then()
        .statusCode(200)
        .body("role", equalTo("member"))
        .body("disabled", equalTo(true))
        .body("email", equalTo("grace@example.com"));
    put("grace", "{\"role\": \"member\", \"disabled\": false, \"email\": \"\"}")
        .then()
        .body("disabled", equalTo(false))
        .body("email", nullValue());
  }

  @Test
  void aConcurrentlyDeletedUserIsUnknown() {
    Caller gone = new Caller(UUID.randomUUID(), "gone", Rights.of(UserRole.MEMBER));
    assertEquals(Optional.empty(), users.me(gone));
  }

  @Test
  void namesDifferInMoreThanUpperAndLowerCase() {
    put("grace", "{\"role\": \"member\"}").then().statusCode(201);
    problem(put("Grace", "{\"role\": \"admin\"}"), 409, "already_exists")
        .then()
        .body("detail", containsString("grace"));
    put("grace", "{\"role\": \"member\"}").then().statusCode(200);
    problem(put("Errand", "{\"role\": \"member\"}"), 400, "invalid_input");
  }

  @Test
  void onlyAdminsManageUsers() {
    put("grace", "{\"role\": \"member\"}").then().statusCode(201);
    OtherUser grace = OtherUser.named("grace", database);
    problem(grace.api().get(USERS), 403, "scope_missing");
    problem(grace.api().body("{\"role\": \"admin\"}").put(USERS + "/grace"), 403, "scope_missing");
    problem(grace.api().delete(USERS + "/admin"), 403, "scope_missing");
    put("grace", "{\"role\": \"admin\"}").then().statusCode(200);
    grace.api().get(USERS).then().statusCode(200);
    put("grace", "{\"role\": \"member\"}").then().statusCode(200);
    problem(grace.api().get(USERS), 403, "scope_missing");
  }

  @Test
  void disablingEndsSessionsTokensAndLinksForGood() {
    String link = put("grace", "{\"role\": \"member\"}").then().extract().path("invitation_url");
    OtherUser grace = OtherUser.named("grace", database);
    ApiToken token = ApiToken.make(grace.api(), List.of("read"), Map.of());
    grace.api().get(TASKS).then().statusCode(200);
    put("grace", "{\"disabled\": true}").then().body("disabled_at", notNullValue());
    problem(grace.api().get(TASKS), 401, "unauthenticated");
    put("grace", "{\"role\": \"member\", \"disabled\": false}").then().statusCode(200);
    problem(grace.api().get(TASKS), 401, "unauthenticated");
    problem(token.api().get(TASKS), 401, "unauthenticated");
    problem(
        api().body("{\"password\": \"a long enough password\"}").post(link),
        404,
        "invitation_not_found");
  }

  @Test
  void theLastAdminStays() {
    put("bot", "{\"role\": \"admin\", \"kind\": \"service\"}").then().statusCode(201);
    problem(put("admin", "{\"role\": \"member\"}"), 409, "last_admin");
    problem(put("~", "{\"role\": \"admin\", \"disabled\": true}"), 409, "last_admin");
    problem(api().delete(USERS + "/admin"), 409, "last_admin");
    String link =
        put("grace", "{\"role\": \"admin\"}")
            .then()
            .statusCode(201)
            .extract()
            .path("invitation_url");
    // She has no password yet.
    problem(put("admin", "{\"role\": \"member\"}"), 409, "last_admin");
    api().body("{\"password\": \"a long enough password\"}").post(link).then().statusCode(201);
    OtherUser grace = OtherUser.named("grace", database);
    put("admin", "{\"role\": \"member\"}").then().statusCode(200);
    problem(grace.api().delete(USERS + "/grace"), 409, "last_admin");
    grace.api().body("{\"role\": \"admin\"}").put(USERS + "/admin").then().statusCode(200);
  }

  @Test
  void aUserIsDeletedWithWhatIsTheirs() throws Exception {
    put("grace", "{\"role\": \"member\"}");
    OtherUser grace = OtherUser.named("grace", database);
    CountDownLatch released = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(
          request -> {
            asked.countDown();
            await(released);
            return ScriptedModel.say("Late.");
          });
      grace.register("t", "Hi", model);
      grace.api().put(TASKS + "/t/runs/live").then().statusCode(201);
      asked.await();
      problem(api().delete(USERS + "/grace"), 409, "user_has_live_runs");
      double before = Metrics.now().of("errand_runs_ended_total", "code", "task_deleted");
      api().delete(USERS + "/grace?force=true").then().statusCode(204);
      assertEquals(before + 1, Metrics.now().of("errand_runs_ended_total", "code", "task_deleted"));
      problem(grace.api().get(TASKS), 401, "unauthenticated");
      problem(api().delete(USERS + "/grace"), 404, "user_not_found");
      api().get(USERS).then().body("username", not(hasItem("grace")));
      put("grace", "{\"role\": \"member\"}").then().statusCode(201);
      OtherUser.named("grace", database).api().get(TASKS).then().body("$", hasSize(0));
    } finally {
      released.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aUserWhoseServletOthersUseStays() {
    put("grace", "{\"role\": \"member\"}");
    OtherUser grace = OtherUser.named("grace", database);
    publish(grace.session(), "grace/calc", "visibility=public", variant("calc", "grace"))
        .then()
        .statusCode(201);
    api()
        .body("{\"servlet_slug\": \"grace/calc\", \"name\": \"of-grace\"}")
        .post("/api/profiles/~/default/installations")
        .then()
        .statusCode(201);
    problem(api().delete(USERS + "/grace"), 409, "servlet_in_use")
        .then()
        .body("detail", containsString("grace/calc"));
    api().delete("/api/profiles/~/default/installations/of-grace").then().statusCode(204);
    api().delete(USERS + "/grace").then().statusCode(204);
    problem(api().get("/api/servlets/grace/calc"), 404, "servlet_not_found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"role\": \"king\"}",
        "{\"role\": \"member\", \"kind\": \"robot\"}",
        "{\"role\": \"member\", \"email\": \"nobody\"}",
        "{\"role\": \"member\", \"email\": \"a@b\\nc\"}",
        "{\"role\": \"member\", \"passwort\": \"x\"}",
        ""
      })
  void badRequestsAreRefused(String body) {
    problem(put("grace", body), 400, "invalid_input");
  }

  @ParameterizedTest
  @ValueSource(strings = {"errand", "mcp", "-x", "a%20b", "%00"})
  void aUserHasAName(String name) {
    problem(put(name, "{\"role\": \"member\"}"), 400, "invalid_input");
  }

  @Test
  void aKindStays() {
    put("bot", "{\"role\": \"member\", \"kind\": \"service\"}").then().statusCode(201);
    problem(put("bot", "{\"role\": \"member\", \"kind\": \"person\"}"), 400, "invalid_input");
    put("bot", "{\"role\": \"member\"}").then().body("kind", equalTo("service"));
  }
}
