package dev.errand.identity.profile;

import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Api;
import dev.errand.support.ApiToken;
import dev.errand.support.Eventually;
import dev.errand.support.Futures;
import dev.errand.support.Metrics;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Profiles over HTTP: created, listed, renamed, published, deleted. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ProfilesTest {
  private static final String MINE = "/api/profiles/~";
  private static final String REPORTS = MINE + "/reports";

  private final ScriptedModel model = new ScriptedModel();

  @Inject DataSource database;

  private OtherUser ada;

  @BeforeEach
  void aProfile() {
    ada = OtherUser.named("ada", database);
    api()
        .body("{\"description\": \"Each Monday\"}")
        .post(REPORTS)
        .then()
        .statusCode(201)
        .body("slug", equalTo("admin/reports"))
        .body("is_public", equalTo(false))
        .body("role", equalTo("owner"));
  }

  @AfterEach
  void tidyUp() {
    List<String> slugs = api().get(MINE).jsonPath().getList("slug");
    for (String slug : slugs) {
      if (!slug.equals("admin/default")) {
        api().delete("/api/profiles/" + slug + "?force=true").then().statusCode(204);
      }
    }
    model.close();
  }

  private void task(String profile) {
    api()
        .body(Api.task("Hello", model.url(), Map.of("key", "sk-a-key-for-tests-1234")))
        .put(profile + "/tasks/profile-digest")
        .then()
        .statusCode(201);
  }

  @Test
  void aProfileIsListedAndHasTasksOfItsOwn() {
    api().get(MINE).then().body("slug", contains("admin/default", "admin/reports"));
    api().get(MINE + "?limit=1").then().body("slug", contains("admin/default"));
    String next = api().get(MINE + "?limit=1").header("Link");
    String address = next.substring(next.indexOf('<') + 1, next.indexOf('>'));
    assertTrue(address.contains("/api/profiles/admin?limit=1&"), address);
    api().get(address).then().body("slug", contains("admin/reports"));
    task(REPORTS);
    api().get(REPORTS + "/tasks").then().body("name", contains("profile-digest"));
    api().get(MINE + "/default/tasks").then().body("name", not(hasItem("profile-digest")));
    api().get(REPORTS + "/installations").then().body("installs", empty());
    problem(api().post(REPORTS), 409, "already_exists");
    problem(ada.api().get("/api/profiles/admin/reports"), 404, "profile_not_found");
    ada.api().get("/api/profiles/admin").then().statusCode(200).body("$", empty());
    problem(ada.api().post("/api/profiles/admin/hers"), 404, "profile_not_found");
  }

  @Test
  void aRenamedProfileIsFoundByItsFormerNameUntilAnotherHasIt() {
    task(REPORTS);
    String limits = "admin/reports/profile-digest";
    ApiToken token = ApiToken.make(api(), List.of("read"), Map.of("tasks", List.of(limits)));
    api()
        .body("{\"name\": \"weekly\"}")
        .patch(REPORTS)
        .then()
        .statusCode(200)
        .body("slug", equalTo("admin/weekly"))
        .body("description", equalTo("Each Monday"));
    api().get(MINE).then().body("slug", contains("admin/default", "admin/weekly"));
    api().get(REPORTS).then().body("slug", equalTo("admin/weekly"));
    api().get(REPORTS + "/tasks/profile-digest").then().statusCode(200);
    api().put(REPORTS + "/tasks/profile-digest/runs/by-alias").then().statusCode(201);
    Eventually.await(
        "the end of the run",
        () ->
            api()
                .get(MINE + "/weekly/tasks/profile-digest/runs/by-alias")
                .jsonPath()
                .getString("status")
                .equals("ready"));
    token.api().get(REPORTS + "/tasks/profile-digest").then().statusCode(200);
    token.api().get(MINE + "/weekly/tasks/profile-digest").then().statusCode(200);
    api().body("{\"role\": \"viewer\"}").put(REPORTS + "/members/ada").then().statusCode(201);
    ada.api().get("/api/profiles/admin/reports").then().body("slug", equalTo("admin/weekly"));
    ada.api().get("/api/profiles?shared=true").then().body("slug", contains("admin/weekly"));
    problem(
        ada.api().body("{\"name\": \"hers\"}").patch("/api/profiles/admin/weekly"),
        403,
        "role_missing");

    api().post(REPORTS).then().statusCode(201);
    api().get(REPORTS).then().body("slug", equalTo("admin/reports"));
    problem(ada.api().get("/api/profiles/admin/reports"), 404, "profile_not_found");
    task(REPORTS);
    problem(token.api().get(REPORTS + "/tasks/profile-digest"), 404, "profile_not_found");
    api().delete(REPORTS).then().statusCode(204);
    problem(api().get(REPORTS), 404, "profile_not_found");
    api().delete(MINE + "/weekly").then().statusCode(204);
    api().post(MINE + "/weekly").then().statusCode(201);
    task(MINE + "/weekly");
    problem(token.api().get(MINE + "/weekly/tasks/profile-digest"), 404, "profile_not_found");
  }

  @Test
  void aNameGoesThereAndBack() {
    api().body("{\"name\": \"weekly\"}").patch(REPORTS).then().statusCode(200);
    api().body("{\"name\": \"reports\"}").patch(MINE + "/weekly").then().statusCode(200);
    api().get(MINE + "/weekly").then().body("slug", equalTo("admin/reports"));
    api().post(MINE + "/other").then().statusCode(201);
    problem(api().body("{\"name\": \"other\"}").patch(REPORTS), 409, "already_exists");
    api().body("{\"name\": \"weekly\"}").patch(MINE + "/other").then().statusCode(200);
    api().get(MINE + "/weekly").then().body("slug", equalTo("admin/weekly"));
    api().body("{\"name\": \"reports\"}").patch(REPORTS).then().statusCode(200);
  }

  @Test
  void aPublicProfileShowsItsInstallationsAndNothingElse() {
    api()
        .body(
            "{\"servlet_slug\": \"errand/fetch\", \"name\": \"web\","
                + " \"settings\": {\"network\": {\"domains\": [\"example.org\"]}}}")
        .post(REPORTS + "/installations")
        .then()
        .statusCode(201);
    api().body("{\"is_public\": true}").patch(REPORTS).then().body("is_public", equalTo(true));
    task(REPORTS);
    String seen = "/api/profiles/admin/reports";
    ada.api().get("/api/profiles").then().body("slug", hasItem("admin/reports"));
    ada.api().get("/api/profiles/admin").then().body("slug", contains("admin/reports"));
    ada.api().get(seen).then().statusCode(200).body("role", nullValue());
    ada.api()
        .get(seen + "/installations")
        .then()
        .body("installs.name", contains("web"))
        .body("installs[0].settings.config", equalTo(Map.of()))
        .body("installs[0].settings.permissions.network.domains", contains("example.org"));
    ada.api().get(seen + "/installations/web").then().body("warnings", empty());
    for (String hidden :
        List.of("/tasks", "/tasks/profile-digest", "/members", "/usage", "/pause")) {
      problem(ada.api().get(seen + hidden), 403, "role_missing");
    }
    problem(ada.api().put(seen + "/tasks/profile-digest/runs/hers"), 403, "role_missing");
    problem(ada.api().delete(seen), 403, "role_missing");
    ApiToken other =
        ApiToken.make(ada.api(), List.of("read"), Map.of("profiles", List.of("~/default")));
    problem(other.api().get(seen), 404, "profile_not_found");
    other.api().get("/api/profiles").then().body("$", empty());

    api().body("{\"is_public\": null}").patch(REPORTS).then().body("is_public", equalTo(false));
    problem(ada.api().get(seen), 404, "profile_not_found");
    ada.api().get("/api/profiles").then().body("slug", not(hasItem("admin/reports")));
  }

  @Test
  void aProfileWithLiveRunsIsDeletedOnlyByForce() throws Exception {
    task(REPORTS);
    CountDownLatch deleted = new CountDownLatch(1);
    model.script(
        request -> {
          awaitIt(deleted);
          return ScriptedModel.say("Done.");
        });
    api().put(REPORTS + "/tasks/profile-digest/runs/live-when-deleted").then().statusCode(201);
    Eventually.await("the request to the model", () -> !model.requests().isEmpty());
    problem(api().delete(REPORTS), 409, "profile_has_live_runs");
    double before = Metrics.now().of("errand_runs_ended_total", "code", "task_deleted");
    api().delete(REPORTS + "?force=true").then().statusCode(204);
    assertEquals(before + 1, Metrics.now().of("errand_runs_ended_total", "code", "task_deleted"));
    deleted.countDown();
    problem(api().get(REPORTS), 404, "profile_not_found");
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT FROM run WHERE name = 'live-when-deleted'")) {
      assertFalse(row.next());
    }
  }

  private static void awaitIt(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void concurrentRequestsCreateAProfileOnce() throws Exception {
    Queue<Integer> statuses = new ConcurrentLinkedQueue<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> begun = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        begun.add(callers.submit(() -> statuses.add(api().post(MINE + "/contended").statusCode())));
      }
      Futures.awaitAll(begun);
    }
    assertEquals(1, statuses.stream().filter(status -> status == 201).count());
    assertEquals(7, statuses.stream().filter(status -> status == 409).count());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\": \"has space\"}",
        "{\"name\": \"..\"}",
        "{\"name\": null}",
        "{\"name\": 5}",
        "{\"is_public\": \"yes\"}",
        "{\"is_public\": 1}",
        "{\"description\": \"a\\u0000b\"}",
        "{\"colour\": null}",
        "[]"
      })
  void invalidRequestsChangeNothing(String patch) {
    problem(api().body(patch).patch(REPORTS), 400, "invalid_input");
    api().get(REPORTS).then().body("description", equalTo("Each Monday"));
  }

  @Test
  void theDefaultProfileStays() {
    problem(api().body("{\"name\": \"x\"}").patch(MINE + "/default"), 400, "invalid_input");
    problem(api().delete(MINE + "/default"), 400, "invalid_input");
    problem(api().post(MINE + "/a%20b"), 400, "invalid_input");
    problem(api().body("{\"name\": \"b\"}").post(MINE + "/a"), 400, "invalid_input");
    api()
        .body("{\"description\": \"" + "x".repeat(1001) + "\"}")
        .patch(REPORTS)
        .then()
        .statusCode(400)
        .body("detail", containsString("1000"));
  }
}
