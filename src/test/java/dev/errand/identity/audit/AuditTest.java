package dev.errand.identity.audit;

import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.support.Api;
import dev.errand.support.ApiToken;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the audit has of changes, and how it is read. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class AuditTest {
  private static final String LINES = "application/x-ndjson";
  private static final ObjectMapper JSON = new ObjectMapper();

  @Inject DataSource database;

  private String name = "";

  @BeforeEach
  void anotherName() {
    name = "audited-" + UUID.randomUUID();
  }

  @AfterEach
  void deleteTheUser() {
    api().delete("/api/users/" + name + "?force=true");
  }

  private Response put(String body) {
    return api().body(body).put("/api/users/" + name);
  }

  private ValidatableResponse lines(String more) {
    return api().get("/api/audit?object=users/" + name + more).then().statusCode(200);
  }

  @Test
  void aChangeLeavesALineThatSaysWhoAndWhatAndFromWhere() {
    put("{\"role\": \"member\"}").then().statusCode(201);
    api()
        .header("X-Request-Id", "from-a-proxy/1")
        .body("{\"role\": \"admin\", \"email\": \"a@example.com\"}")
        .put("/api/users/" + name)
        .then()
        .statusCode(200)
        .header("X-Request-Id", "from-a-proxy/1");
    lines("")
        .body("action", contains("user.changed", "user.created"))
        .body("[0].object", equalTo("users/" + name))
        .body("[0].actor.user", equalTo("admin"))
        .body("[0].actor.session", notNullValue())
        .body("[0].actor.token", nullValue())
        .body("[0].changes", equalTo(Map.of("role", change("member", "admin"), "email", made())))
        .body("[0].address", equalTo("127.0.0.1"))
        .body("[0].request_id", equalTo("from-a-proxy/1"))
        .body("[1].changes.role", equalTo(Map.of("to", "member")))
        .body("[1].changes.invitation_url", nullValue());
  }

  private static Map<String, String> change(String from, String to) {
    return Map.of("from", from, "to", to);
  }

  private static Map<String, String> made() {
    return Map.of("to", "a@example.com");
  }

  @Test
  void refusedRequestsLeaveNoLine() {
    problem(put("{\"role\": \"king\"}"), 400, "invalid_input");
    problem(OtherUser.named("ada", database).api().put("/api/users/" + name), 403, "scope_missing");
    problem(
        OtherUser.named("ada", database).api().body("{\"role\": \"admin\"}").put("/api/users/x"),
        403,
        "scope_missing");
    lines("").body("$", hasSize(0));
  }

  @Test
  void aRequestThatChangesNothingLeavesALineWithoutChanges() {
    put("{\"role\": \"member\"}").then().statusCode(201);
    put("{\"role\": \"member\"}").then().statusCode(200);
    lines("").body("[0].action", equalTo("user.changed")).body("[0].changes", equalTo(Map.of()));
  }

  @Test
  void aTokenIsNamedByItsIdAndNeverByItsText() {
    ApiToken token = ApiToken.make(api(), List.of("admin"), Map.of());
    token.api().body("{\"role\": \"member\"}").put("/api/users/" + name).then().statusCode(201);
    lines("").body("[0].actor.token", equalTo(token.id())).body("[0].actor.session", nullValue());
    String all = api().get("/api/audit?object=tokens/" + token.id()).asString();
    assertTrue(all.contains("token.created") && all.contains("\"user\":{\"to\":\"admin\"}"), all);
    assertFalse(all.contains(token.text()), all);
    api().delete("/api/tokens/" + token.id()).then().statusCode(204);
  }

  @Test
  void theLinesOfADeletedUserStay() {
    put("{\"role\": \"member\"}").then().statusCode(201);
    api().delete("/api/users/" + name).then().statusCode(204);
    lines("").body("action", contains("user.deleted", "user.created"));
  }

  @Test
  void theListIsFilteredAndPaged() {
    for (String role : List.of("member", "admin", "member", "admin", "member")) {
      put("{\"role\": \"" + role + "\"}");
    }
    lines("&action=user.changed").body("$", hasSize(4));
    lines("&actor=nobody").body("$", hasSize(0));
    lines("&actor=admin&action=user.created").body("$", hasSize(1));
    List<Integer> ids = new ArrayList<>();
    String next = "/api/audit?limit=2&object=users/" + name;
    while (!next.isEmpty()) {
      Response page = api().get(next);
      ids.addAll(page.then().statusCode(200).extract().jsonPath().getList("id", Integer.class));
      String link = page.header("Link");
      next = link == null ? "" : link.substring(1, link.indexOf('>'));
    }
    assertEquals(lines("").extract().jsonPath().getList("id", Integer.class), ids);
    assertEquals(5, ids.size());
    String middle = lines("").extract().path("[2].at");
    lines("&from=" + middle).body("[-1].at", equalTo(middle));
    lines("&to=" + middle).body("at", not(contains(middle)));
    api()
        .get("/api/audit?limit=5&object=users")
        .then()
        .body("object", everyItem(matchesPattern("users/.*")));
  }

  @Test
  void anObjectStandsForAllBelowItAndNotForItsNamesake() {
    OtherUser.named("ada", database);
    api().body("{\"role\": \"viewer\"}").put("/api/profiles/~/default/members/ada");
    api().delete("/api/profiles/~/default/members/ada").then().statusCode(204);
    String member = "profiles/admin/default/members/ada";
    for (String object : List.of("profiles", "profiles/admin", "profiles/admin/default/", member)) {
      api()
          .get("/api/audit?limit=2&object=" + object)
          .then()
          .statusCode(200)
          .body("action", contains("member.removed", "member.added"))
          .body("object", contains(member, member));
    }
    for (String object : List.of("profiles/adm", "profiles/admin/def", member + "/x")) {
      api().get("/api/audit?object=" + object).then().statusCode(200).body("$", hasSize(0));
    }
  }

  @Test
  void allThatIsSelectedComesAsJsonLines() throws Exception {
    put("{\"role\": \"member\"}").then().statusCode(201);
    put("{\"role\": \"admin\"}").then().statusCode(200);
    Response answer = api().accept(LINES).get("/api/audit?object=users/" + name);
    answer.then().statusCode(200).contentType(LINES);
    assertFalse(answer.contentType().contains("qs="), answer.contentType());
    List<String> lines = answer.asString().lines().toList();
    assertEquals(2, lines.size(), answer::asString);
    assertEquals("user.changed", JSON.readTree(lines.getFirst()).path("action").asText());
    assertEquals("user.created", JSON.readTree(lines.getLast()).path("action").asText());
    assertEquals(
        lines.getFirst() + "\n",
        api().accept(LINES).get("/api/audit?limit=1&object=users/" + name).asString());
    lines("").contentType(ContentType.JSON);
    api().accept("*/*").get("/api/audit?limit=1").then().contentType(ContentType.JSON);
  }

  @Test
  void anExportOfManyLinesHasEachOnce() throws Exception {
    // Many of the same time, which begin and end batches.
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO audit (at, actor, action, object, changes) SELECT now() - (n / 700) * interval"
              + " '1 second', '"
              + name
              + "', 'task.changed', 'tasks/a/b/c', '{}' FROM generate_series(1, 2500) AS n");
    }
    List<String> lines =
        api().accept(LINES).get("/api/audit?actor=" + name).asString().lines().toList();
    assertEquals(2500, lines.size());
    List<String> times = new ArrayList<>();
    Set<Long> ids = new HashSet<>();
    for (String line : lines) {
      JsonNode read = JSON.readTree(line);
      times.add(read.path("at").asText());
      ids.add(read.path("id").asLong());
    }
    assertEquals(2500, ids.size());
    assertEquals(times.stream().sorted(Comparator.reverseOrder()).toList(), times);
  }

  @Test
  void onlyAdminsReadIt() {
    problem(OtherUser.named("ada", database).api().get("/api/audit"), 403, "scope_missing");
    problem(
        ApiToken.make(api(), List.of("read", "write"), Map.of()).api().get("/api/audit"),
        403,
        "scope_missing");
    problem(
        ApiToken.make(api(), List.of("admin"), Map.of("profiles", List.of("~/default")))
            .api()
            .get("/api/audit"),
        403,
        "scope_missing");
    problem(
        OtherUser.named("ada", database).api().accept(LINES).get("/api/audit"),
        403,
        "scope_missing");
  }

  @Test
  void aPatchOfATaskSaysWhatItChangedAndNotTheKey() {
    try (ScriptedModel model = new ScriptedModel()) {
      register(name, "First", model).then().statusCode(201);
      String key = "sk-another-key-" + name;
      api()
          .body("{\"settings\": {\"max_steps\": 7, \"key\": \"" + key + "\"}}")
          .patch(Api.TASKS + "/" + name)
          .then()
          .statusCode(200);
      String lines = "/api/audit?object=tasks/admin/default/" + name;
      api()
          .get(lines)
          .then()
          .body("action", contains("task.changed", "task.created"))
          .body("[0].changes.'settings.max_steps'", equalTo(Map.of("from", 20, "to", 7)))
          .body("[0].changes.'settings.key'", equalTo(Map.of("changed", true)))
          .body("[1].changes.'openai.prompt'", equalTo(Map.of("to", "First")));
      assertFalse(api().get(lines).asString().contains(key));
      api().delete(Api.TASKS + "/" + name).then().statusCode(204);
      api().get(lines).then().body("[0].action", equalTo("task.deleted"));
    }
  }

  @Test
  void showingTheAddressOfATriggerIsRecorded() {
    try (ScriptedModel model = new ScriptedModel()) {
      register(name, "Hello", model).then().statusCode(201);
      String task = "/api/profiles/~/default/tasks/" + name;
      String url = api().post("/api/tasks/~/default/" + name + "/signed").asString();
      api().post("/api/tasks/~/default/" + name + "/signed").then().statusCode(200);
      api().get(task + "/triggers/signed").then().statusCode(200);
      api()
          .body("{\"scheme\": \"github\"}")
          .put(task + "/triggers/verified")
          .then()
          .statusCode(201);
      api().get(task + "/triggers/verified").then().statusCode(200);
      String lines = "/api/audit?object=tasks/admin/default/" + name + "/triggers";
      api()
          .get(lines)
          .then()
          .body(
              "action",
              contains("trigger.created", "secret.shown", "secret.shown", "trigger.created"))
          .body("[0].changes.secrets", equalTo(Map.of("changed", true)));
      String token = url.substring(url.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9._-].*", "");
      assertTrue(token.length() > 20, url);
      assertFalse(api().get(lines).asString().contains(token));
      api().delete(Api.TASKS + "/" + name).then().statusCode(204);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "action=task.eaten",
        "from=yesterday",
        "object=%00",
        "actor=%00",
        "cursor=x",
        "limit=0",
        "cursor=YWZ0ZXI6eA"
      })
  void impossibleFiltersAreRefused(String query) {
    Response answer = api().get("/api/audit?" + query);
    assertEquals(400, answer.statusCode(), answer::asString);
    problem(answer, 400, "invalid_input");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "with a space", "<script>"})
  void eachAnswerHasAnIdOfItsRequest(String sent) {
    for (String path : List.of("/api/users/~", "/api/nothing-here", "/api/profiles/x/y/tasks")) {
      api()
          .header("X-Request-Id", sent)
          .get(path)
          .then()
          .header("X-Request-Id", matchesPattern("[0-9a-f-]{36}"));
    }
    api()
        .header("X-Request-Id", sent)
        .patch(Api.TASKS)
        .then()
        .header("X-Request-Id", notNullValue());
  }
}
