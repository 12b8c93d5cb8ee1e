package dev.errand.base.turn;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.problem;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.error.ApiException;
import dev.errand.support.Api;
import dev.errand.support.Eventually;
import dev.errand.support.Metrics;
import dev.errand.support.OtherUser;
import dev.errand.support.Settings;
import dev.errand.support.SilentModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What of a request takes long is done in turns of its user: each is refused while the user has too
 * much under way, and served while another one has.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(
    value = RequestTurnsTest.Patient.class,
    scope = TestResourceScope.MATCHING_RESOURCES)
class RequestTurnsTest {
  private static final int MOST = 16;
  private static final String PREVIEW = "/asked/preview";
  private static final String CALC = "/api/profiles/~/default/installations/calc";
  private static final String RULES =
      "{\"approvals\": {\"*\": {\"when\": \"size(arguments) > 0\"}}}";

  @Inject DataSource database;
  @Inject RequestPools pools;

  @TestHTTPResource("/")
  URI service;

  private final SilentModel model = new SilentModel();
  private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean isOver;

  /**
   * What waits does so for longer than a test takes on a busy machine, and the two threads that the
   * tests occupy are all.
   */
  public static final class Patient implements Settings {
    @Override
    public Map<String, String> start() {
      return Map.of(
          "errand.compute.patience", "PT2M",
          "errand.compute.longest", "PT2M",
          "errand.compute.threads", "2");
    }
  }

  /** A user with what can be asked about. */
  private final class Tenant {
    private final String name;
    private final OtherUser user;
    private final String hook;

    Tenant(String name) {
      this.name = name;
      this.user = OtherUser.named(name, database);
      register("asked", "Hello");
      // Each item of the list goes through the list.
      register("long", "{{ #list }}{{ #list }}.{{ /list }}{{ /list }}");
      run("asked", "one", "{}").then().statusCode(201);
      run("asked", "two", "{}").then().statusCode(201);
      user.api()
          .body("{\"servlet_slug\": \"errand/calc\"}")
          .post("/api/profiles/~/default/installations");
      user.api().delete(TASKS + "/asked/triggers/hook");
      this.hook =
          user.api()
              .body("{\"scheme\": \"url\", \"when\": \"payload.go == true\"}")
              .put(TASKS + "/asked/triggers/hook")
              .then()
              .statusCode(201)
              .extract()
              .path("url");
    }

    private void register(String task, String prompt) {
      Response stored =
          user.api()
              .body(Api.task(prompt, model.url(), Map.of("key", "sk-a-key-for-tests-1234")))
              .put(TASKS + "/" + task);
      assertTrue(stored.statusCode() < 300, stored::asString);
    }

    private Response run(String task, String run, String parameters) {
      return user.api()
          .body("{\"parameters\": " + parameters + "}")
          .put(TASKS + "/" + task + "/runs/" + run);
    }

    private RequestSpecification html() {
      return user.api().accept("text/html");
    }

    /** Each kind of request that computes or searches, by what it is. */
    Map<String, Supplier<Response>> requests() {
      Map<String, Supplier<Response>> all = new LinkedHashMap<>();
      all.put("preview of a prompt", () -> user.api().body("{}").post(TASKS + PREVIEW));
      all.put(
          "schema of a task",
          () ->
              user.api()
                  .body(
                      Api.task(
                          "Hello",
                          model.url(),
                          Map.of(
                              "key",
                              "sk-a-key-for-tests-1234",
                              "output_schema",
                              Map.of("type", "object", "title", name))))
                  .put(TASKS + "/schemed"));
      all.put(
          "schema in a patch",
          () ->
              user.api()
                  .body("{\"settings\": {\"output_schema\": {\"title\": \"" + name + "\"}}}")
                  .patch(TASKS + "/asked"));
      all.put("preview of rules", () -> user.api().body(RULES).post(CALC + "/approvals/preview"));
      all.put("conditions of rules", () -> user.api().body(RULES).patch(CALC));
      all.put("long rendering", () -> run("long", "r1", "{\"list\": [" + "1,".repeat(199) + "1]}"));
      all.put("delivery", () -> given().body("{\"go\": false}").post(hook));
      all.put(
          "comparison",
          () -> html().get("/console/" + name + "/default/tasks/asked/compare?run=one&run=two"));
      all.put("calendar", () -> html().get("/console/" + name + "/default/calendar?view=month"));
      all.put("search", () -> user.api().get("/api/profiles/~/default/runs?text=something"));
      return all;
    }

    void tidyUp() {
      for (String task : List.of("asked", "long", "schemed")) {
        user.api().delete(TASKS + "/" + task + "?force=true");
      }
      user.api().delete(CALC);
    }
  }

  private final List<Tenant> tenants = new ArrayList<>();

  @BeforeEach
  void twoTenants() {
    tenants.add(new Tenant("turns-hostile"));
    tenants.add(new Tenant("turns-calm"));
  }

  @AfterEach
  void tidyUp() throws InterruptedException {
    isOver = true;
    requests.shutdownNow();
    assertTrue(requests.awaitTermination(1, TimeUnit.MINUTES));
    Eventually.await(
        "all work is over",
        () -> pools.all().stream().allMatch(pool -> pool.used() + pool.waiting() == 0));
    tenants.forEach(Tenant::tidyUp);
    model.close();
  }

  /** Work that goes on until the test is over. */
  private void occupy(FairPool pool, String user) {
    var _ =
        requests.submit(
            () -> {
              try {
                pool.call(
                    WorkOwner.user(user),
                    () -> {
                      // Without FairPool.check, so that it does not give way.
                      while (!isOver && !Thread.currentThread().isInterrupted()) {
                        Thread.onSpinWait();
                      }
                      return true;
                    });
              } catch (ApiException e) {
                // The test has ended.
              }
            });
  }

  @Test
  void whoHasTooMuchUnderWayIsRefusedAndOthersAreServed() {
    Tenant hostile = tenants.getFirst();
    Tenant calm = tenants.getLast();
    for (FairPool pool : pools.all()) {
      for (int i = 0; i < MOST; i++) {
        occupy(pool, hostile.name);
      }
      Eventually.await(
          "one works and the others wait", () -> pool.used() == 1 && pool.waiting() == MOST - 1);
    }
    double refused = pools.all().stream().mapToLong(FairPool::refused).sum();
    Map<String, Integer> answers = new LinkedHashMap<>();
    hostile
        .requests()
        .forEach(
            (what, request) -> {
              Response answer = request.get();
              answers.put(what, answer.statusCode());
              if (answer.statusCode() == 503) {
                assertEquals("2", answer.header("Retry-After"), what);
              }
            });
    Map<String, Integer> all503 = new LinkedHashMap<>();
    answers.keySet().forEach(what -> all503.put(what, 503));
    assertEquals(all503, answers);
    problem(Objects.requireNonNull(hostile.requests().get("delivery")).get(), 503, "unavailable");
    // What needs no turn has an answer.
    hostile.user.api().get(TASKS).then().statusCode(200);
    calm.requests()
        .forEach(
            (what, request) -> {
              Response answer = request.get();
              assertTrue(answer.statusCode() < 300, () -> what + ": " + answer.asString());
            });
    Metrics metrics = Metrics.now();
    assertEquals(1.0, metrics.of("errand_compute_used", "kind", "compute"));
    assertEquals(MOST - 1.0, metrics.of("errand_compute_waiting", "kind", "search"));
    assertEquals(refused + answers.size() + 1, metrics.of("errand_compute_refused_total"));
  }

  @Test
  void requestsThatWaitForTheirTurnsHoldNoConnectionToTheDatabase() throws Exception {
    for (int i = 0; i < pools.compute().used() + 2; i++) {
      occupy(pools.compute(), "turns-other-" + i);
    }
    List<Future<Response>> waiting = new ArrayList<>();
    for (Tenant tenant : tenants) {
      for (int i = 0; i < MOST; i++) {
        RequestSpecification request = tenant.user.api().body("{}");
        waiting.add(requests.submit(() -> request.post(TASKS + PREVIEW)));
      }
    }
    Eventually.await("all wait", () -> pools.compute().waiting() >= tenants.size() * MOST);
    // There are fewer connections than requests that wait.
    for (Tenant tenant : tenants) {
      tenant.user.api().get(TASKS).then().statusCode(200);
    }
    isOver = true;
    for (Future<Response> answer : waiting) {
      answer.get().then().statusCode(200);
    }
  }

  @Test
  void workEndsWhenTheClientHasLeft() throws Exception {
    occupy(pools.compute(), "turns-other-1");
    occupy(pools.compute(), "turns-other-2");
    Eventually.await("all threads work", () -> pools.compute().used() == 2);
    long refused = pools.compute().refused();
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), service.getPort())) {
      client
          .getOutputStream()
          .write(
              ("POST "
                      + TASKS
                      + PREVIEW
                      + " HTTP/1.1\r\nHost: localhost\r\nCookie: sessionId="
                      + tenants.getFirst().user.session()
                      + "\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
                  .getBytes(StandardCharsets.US_ASCII));
      Eventually.await("the request waits", () -> pools.compute().waiting() == 1);
    }
    Eventually.await("it waits no more", () -> pools.compute().waiting() == 0);
    assertEquals(refused, pools.compute().refused(), "its time was not over");
  }
}
