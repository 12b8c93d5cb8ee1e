package dev.errand.identity.token;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Api;
import dev.errand.support.ApiToken;
import dev.errand.support.Eventually;
import dev.errand.support.Futures;
import dev.errand.support.OtherUser;
import dev.errand.support.StatementLog;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens authenticate programs, and allow what they were made for. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class TokenTest {
  private static final String TOKENS = "/api/tokens";

  @Inject DataSource database;

  @AfterEach
  void revokeAll() throws SQLException {
    StatementLog.stop();
    execute("DELETE FROM token");
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      boolean _ = statement.execute(sql);
    }
  }

  private static ApiToken token(String... scopes) {
    return ApiToken.make(api(), List.of(scopes), Map.of());
  }

  @Test
  void aTokenIsShownOnceAndTakenAsASessionIs() {
    JsonPath made =
        ApiToken.ask(api(), List.of("run", "read"), Map.of("expires_at", "2100-01-01T00:00:00Z"))
            .then()
            .statusCode(201)
            .body("scopes", equalTo(List.of("read", "run")))
            .body("profiles", nullValue())
            .body("tasks", nullValue())
            .body("expires_at", equalTo("2100-01-01T00:00:00.000Z"))
            .body("last_used_at", nullValue())
            .extract()
            .jsonPath();
    ApiToken token = new ApiToken(made.getString("id"), made.getString("token"));
    token.api().get("/api/users/~").then().statusCode(200).body("username", equalTo("admin"));
    given().cookie("sessionId", token.text()).get(TASKS).then().statusCode(200);
    api()
        .get(TOKENS)
        .then()
        .statusCode(200)
        .body("id", hasItem(token.id()))
        .body(not(containsString(token.text())))
        .body("[0].token", nullValue());
    api().delete(TOKENS + "/" + token.id()).then().statusCode(204);
    problem(token.api().get(TASKS), 401, "unauthenticated");
    problem(api().delete(TOKENS + "/" + token.id()), 404, "token_not_found");
    problem(api().delete(TOKENS + "/what"), 404, "token_not_found");
  }

  @Test
  void aTokenAllowsWhatItsScopesSay() {
    problem(token("run").api().get(TASKS), 403, "scope_missing")
        .then()
        .body("detail", containsString("`read`"));
    problem(token("read").api().body("{}").put(TASKS + "/t/runs/r"), 403, "scope_missing");
    problem(token("read").api().get(TASKS + "/t/runs"), 404, "task_not_found");
    problem(token("run").api().get(TASKS + "/t/runs"), 404, "task_not_found");
    problem(token("admin").api().get("/api/servlets"), 403, "scope_missing");
  }

  @Test
  void aTokenMakesNoneWithMoreThanItHas() {
    ApiToken maker =
        ApiToken.make(
            api(),
            List.of("read", "write"),
            Map.of("profiles", List.of("~/default"), "expires_at", "2100-01-01T00:00:00Z"));
    problem(ApiToken.ask(maker.api(), List.of("run"), Map.of()), 403, "scope_missing");
    problem(ApiToken.ask(maker.api(), List.of("admin"), Map.of()), 403, "scope_missing");
    problem(ApiToken.ask(token("read").api(), List.of("read"), Map.of()), 403, "scope_missing");
    problem(
        ApiToken.ask(maker.api(), List.of("read"), Map.of("expires_at", "2100-01-02T00:00:00Z")),
        400,
        "invalid_input");
    ApiToken.ask(maker.api(), List.of("read"), Map.of())
        .then()
        .statusCode(201)
        .body("profiles", equalTo(List.of("admin/default")))
        .body("expires_at", equalTo("2100-01-01T00:00:00.000Z"));
    OtherUser ada = OtherUser.named("ada", database);
    problem(ApiToken.ask(ada.api(), List.of("admin"), Map.of()), 403, "scope_missing");
    ApiToken.ask(api(), List.of("admin"), Map.of()).then().statusCode(201);
  }

  @Test
  void aLimitedTokenSeesTheTokensThatItMadeAndWhatItMadeEndsWithIt() {
    ApiToken other = token("read");
    ApiToken maker =
        ApiToken.make(api(), List.of("read", "write"), Map.of("tasks", List.of("~/default/mine")));
    ApiToken made = ApiToken.make(maker.api(), List.of("read"), Map.of());
    maker
        .api()
        .get(TOKENS)
        .then()
        .statusCode(200)
        .body("id", hasItems(maker.id(), made.id()))
        .body("id", not(hasItem(other.id())));
    problem(maker.api().delete(TOKENS + "/" + other.id()), 404, "token_not_found");
    made.api().get(TASKS).then().statusCode(200);
    maker.api().delete(TOKENS + "/" + maker.id()).then().statusCode(204);
    problem(made.api().get(TASKS), 401, "unauthenticated");
    other.api().get(TASKS).then().statusCode(200);
  }

  @Test
  void errorsAreReportedAndTyposDoNotReachTheDatabase() throws SQLException {
    ApiToken token = token("read");
    String last = token.text().endsWith("a") ? "b" : "a";
    String mistyped = token.text().substring(0, token.text().length() - 1) + last;
    StatementLog.start();
    problem(new ApiToken("", mistyped).api().get(TASKS), 401, "unauthenticated")
        .then()
        .body("detail", containsString("checksum"))
        .body(not(containsString(mistyped)));
    assertEquals(List.of(), StatementLog.ofRequest(TASKS));
    token.api().get(TASKS).then().statusCode(200);
    assertTrue(StatementLog.ofRequest(TASKS).getFirst().contains("FROM token"));
    execute("UPDATE token SET expires_at = now() - interval '1 second'");
    problem(token.api().get(TASKS), 401, "unauthenticated")
        .then()
        .header("WWW-Authenticate", containsString("Bearer"))
        .body("detail", containsString("expired"));
  }

  @Test
  void aDisabledOwnersTokenIsNotKnown() throws SQLException {
    ApiToken token =
        ApiToken.make(OtherUser.named("leaves", database).api(), List.of("read"), Map.of());
    token.api().get(TASKS).then().statusCode(200);
    execute("UPDATE account SET disabled_at = now() WHERE username = 'leaves'");
    problem(token.api().get(TASKS), 401, "unauthenticated");
    execute("UPDATE account SET disabled_at = NULL WHERE username = 'leaves'");
  }

  @Test
  void theAdminsTokenLosesItsScopeWithTheRole() throws SQLException {
    OtherUser boss = OtherUser.named("boss", database);
    execute("UPDATE account SET role = 'admin' WHERE username = 'boss'");
    ApiToken token = ApiToken.make(boss.api(), List.of("admin", "write"), Map.of());
    ApiToken.ask(token.api(), List.of("admin"), Map.of()).then().statusCode(201);
    execute("UPDATE account SET role = 'member' WHERE username = 'boss'");
    problem(ApiToken.ask(token.api(), List.of("admin"), Map.of()), 403, "scope_missing");
  }

  @Test
  void theLastUseIsWrittenOnceAMinute() throws SQLException {
    ApiToken token = token("read");
    token.api().get(TASKS).then().statusCode(200);
    Eventually.await("the use", () -> lastUse(token) != null);
    String first = lastUse(token);
    token.api().get(TASKS).then().statusCode(200);
    assertEquals(first, lastUse(token));
    execute("UPDATE token SET last_used_at = last_used_at - interval '61 seconds'");
    String moved = lastUse(token);
    token.api().get(TASKS).then().statusCode(200);
    Eventually.await("the next use", () -> !moved.equals(lastUse(token)));
  }

  private static String lastUse(ApiToken token) {
    return api()
        .get(TOKENS)
        .jsonPath()
        .getString("find {it.id == '" + token.id() + "'}.last_used_at");
  }

  @Test
  void aUserHasSoManyTokensAtMost() throws SQLException {
    OtherUser many = OtherUser.named("many", database);
    execute(
        """
        INSERT INTO token (id, account_id, token_hash, name, scopes, created_at, expires_at)
        SELECT gen_random_uuid(), account.id, sha256(n::text::bytea), 'many', '{read}', now(),
          CASE WHEN n > 100 THEN now() - interval '1 day' END
        FROM account, generate_series(1, 110) AS n WHERE username = 'many'
        """);
    problem(ApiToken.ask(many.api(), List.of("read"), Map.of()), 409, "too_many_tokens");
    execute("DELETE FROM token WHERE token_hash = sha256('1'::bytea)");
    ApiToken.ask(many.api(), List.of("read"), Map.of()).then().statusCode(201);
  }

  @Test
  void theSameSiteRuleAppliesOnlyToTheCookie() {
    ApiToken token = token("read", "write");
    problem(
        given()
            .cookie("sessionId", token.text())
            .header("Sec-Fetch-Site", "cross-site")
            .contentType(ContentType.JSON)
            .delete(TOKENS + "/" + token.id()),
        403,
        "cross_site");
    token
        .api()
        .header("Sec-Fetch-Site", "cross-site")
        .delete(TOKENS + "/" + token.id())
        .then()
        .statusCode(204);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"name\": \"n\"}",
        "{\"name\": \"n\", \"scopes\": []}",
        "{\"name\": \"n\", \"scopes\": [null]}",
        "{\"name\": \"n\", \"scopes\": [\"all\"]}",
        "{\"name\": \"n\\ud800\", \"scopes\": [\"read\"]}",
        "{\"name\": \" \", \"scopes\": [\"read\"]}",
        "{\"name\": \"n\", \"scopes\": [\"read\"], \"profiles\": []}",
        "{\"name\": \"n\", \"scopes\": [\"read\"], \"profiles\": [null]}",
        "{\"name\": \"n\", \"scopes\": [\"read\"], \"profiles\": [\"default\"]}",
        "{\"name\": \"n\", \"scopes\": [\"read\"], \"tasks\": [\"~/default\"]}",
        "{\"name\": \"n\", \"scopes\": [\"read\"], \"tasks\": [\"~/default/\\u0000\"]}",
        "{\"name\": \"n\", \"scopes\": [\"read\"], \"tasks\": [\"~/default/*\"]}",
        "{\"name\": \"n\", \"scopes\": [\"read\"], \"tasks\": [\"~/default/..\"]}",
        "{\"name\": \"n\", \"scopes\": [\"read\"], \"expires_at\": \"2020-01-01T00:00:00Z\"}",
        "{\"name\": \"n\", \"scopes\": [\"read\"], \"expires_at\": \"soon\"}",
        "{\"name\": \"n\", \"scopes\": [\"read\"], \"more\": 1}"
      })
  void badRequestsAreRefused(String body) {
    problem(api().body(body).post(TOKENS), 400, "invalid_input")
        .then()
        .body("errors", notNullValue());
  }

  @Test
  void aTokenIsLimitedToWhatItsMakerSees() {
    OtherUser ada = OtherUser.named("ada", database);
    for (Map<String, ?> limit :
        List.of(
            Map.of("profiles", List.of("admin/default")),
            Map.of("profiles", List.of("~/none")),
            Map.of("tasks", List.of("admin/default/t")))) {
      problem(ApiToken.ask(ada.api(), List.of("read"), limit), 404, "profile_not_found");
    }
    problem(
        ApiToken.ask(api().body("{}"), List.of("read"), Map.of("profiles", List.of("~/\u0000"))),
        400,
        "invalid_input");
  }

  @Test
  void aTokenForATaskThatDoesNotExistIsWarnedOf() {
    List<String> tasks = List.of("~/default/not-yet", "~/default/known");
    api()
        .body(Api.task("Say hi.", "http://127.0.0.1:9", Map.of("key", "sk-1")))
        .put(TASKS + "/known")
        .then()
        .statusCode(201);
    try {
      ApiToken.ask(api(), List.of("read"), Map.of("tasks", tasks))
          .then()
          .statusCode(201)
          .body("warnings.code", equalTo(List.of("task_unknown")))
          .body("warnings[0].message", containsString("no task admin/default/not-yet"));
      ApiToken.ask(api(), List.of("read"), Map.of("tasks", tasks.subList(1, 2)))
          .then()
          .statusCode(201)
          .body("warnings", nullValue());
    } finally {
      api().delete(TASKS + "/known").then().statusCode(204);
    }
  }

  @Test
  void aTokenThatIsMadeBesideARenameFollowsIt() throws Exception {
    String profile = "/api/profiles/~/before-0";
    api().post(profile).then().statusCode(201);
    ApiToken maker =
        ApiToken.make(
            api(), List.of("read", "write"), Map.of("tasks", List.of("~/before-0/digest")));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 12; i++) {
        Map<String, ?> limit = Map.of("tasks", List.of("~/before-" + i + "/digest"));
        String name = "before-" + (i + 1);
        String address = "/api/profiles/~/before-" + i;
        List<Future<?>> both = new ArrayList<>();
        both.add(threads.submit(() -> ApiToken.ask(api(), List.of("read"), limit)));
        both.add(threads.submit(() -> ApiToken.ask(maker.api(), List.of("read"), Map.of())));
        both.add(
            threads.submit(
                () ->
                    api()
                        .body("{\"name\": \"" + name + "\"}")
                        .patch(address)
                        .then()
                        .statusCode(200)));
        Futures.awaitAll(both);
        assertEquals(
            Set.of(List.of("admin/" + name + "/digest")),
            Set.copyOf(api().get(TOKENS).jsonPath().<List<String>>getList("tasks")));
      }
    } finally {
      api().delete("/api/profiles/~/before-12").then().statusCode(204);
    }
  }

  @Test
  void anAdminMakesTheTokensOfAService() throws Exception {
    api()
        .body("{\"role\": \"member\", \"kind\": \"service\"}")
        .put("/api/users/deployer")
        .then()
        .statusCode(201);
    try {
      Map<String, String> its = Map.of("user", "deployer");
      ApiToken made = ApiToken.make(api(), List.of("read", "write"), its);
      made.api().get("/api/users/~").then().body("username", equalTo("deployer"));
      made.api().get("/api/profiles/~").then().body("slug", hasItem("deployer/default"));
      problem(made.api().get("/api/users"), 403, "scope_missing");
      api().get(TOKENS + "?user=deployer").then().body("id", hasItem(made.id()));
      api().get(TOKENS).then().body("id", not(hasItem(made.id())));
      ApiToken limited =
          ApiToken.make(
              api(), List.of("read"), Map.of("user", "deployer", "profiles", List.of("~/default")));
      limited.api().get("/api/profiles/~/default").then().statusCode(200);
      problem(ApiToken.ask(api(), List.of("admin"), its), 403, "scope_missing");
      problem(
          ApiToken.ask(api(), List.of("read"), Map.of("user", "nobody")), 404, "user_not_found");
      OtherUser ada = OtherUser.named("ada", database);
      problem(ApiToken.ask(ada.api(), List.of("read"), its), 403, "scope_missing");
      problem(ada.api().get(TOKENS + "?user=deployer"), 403, "scope_missing");
      problem(ada.api().delete(TOKENS + "/" + made.id()), 404, "token_not_found");
      problem(ApiToken.ask(api(), List.of("read"), Map.of("user", "ada")), 400, "invalid_input");
      api().delete(TOKENS + "/" + made.id()).then().statusCode(204);
      problem(made.api().get("/api/users/~"), 401, "unauthenticated");
    } finally {
      api().delete("/api/users/deployer").then().statusCode(204);
    }
  }
}
