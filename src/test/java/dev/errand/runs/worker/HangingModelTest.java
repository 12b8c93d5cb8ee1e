package dev.errand.runs.worker;

import static dev.errand.support.Api.task;
import static dev.errand.support.ScriptedMcp.tool;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Eventually;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedMcp;
import dev.errand.support.ScriptedModel;
import dev.errand.support.Settings;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Runs that wait for a model that hangs take none of the places of those that work, and leave some
 * of what a process holds to everybody else.
 */
@QuarkusTest
@WithTestResource(
    value = HangingModelTest.SmallProcess.class,
    scope = TestResourceScope.MATCHING_RESOURCES)
@QuarkusTestResource(TestDatabase.class)
class HangingModelTest {
  private static final int WORKING = 4;
  private static final int PLACES = 80;
  // What a profile that is alone may hold of them.
  private static final int SHARE = 64;

  /** Works on few runs, and holds more. */
  public static class SmallProcess implements Settings {
    @Override
    public Map<String, String> start() {
      return Map.of(
          "errand.worker.concurrency",
          Integer.toString(WORKING),
          "errand.worker.most",
          Integer.toString(PLACES));
    }
  }

  private static final int CALLERS = 4;

  private final ScriptedModel model = new ScriptedModel();
  private final CountDownLatch answers = new CountDownLatch(1);
  private final Set<String> hogs = ConcurrentHashMap.newKeySet();

  @Inject DataSource database;
  @Inject Worker worker;

  HangingModelTest() {
    model.script(
        request -> {
          return switch (request.lastMessage().path("content").asText()) {
            case "hang" -> {
              hang();
              yield say("Done.");
            }
            case "call" -> call("c1", "far_slow", "{}");
            default -> say("Done.");
          };
        });
  }

  private void hang() {
    try {
      assertTrue(answers.await(5, TimeUnit.MINUTES));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void letAllEnd() {
    answers.countDown();
    for (String hog : hogs) {
      Eventually.await(
          "the end of all runs of " + hog, () -> runs(hog, "pending") + runs(hog, "running") == 0);
      assertEquals(0, runs(hog, "error"), "no run of " + hog + " may have failed");
    }
    model.close();
  }

  @Test
  void aUserAloneHasAllPlacesAndAnotherOneStillBegins() throws Exception {
    OtherUser hog = hog("hog-alone", 1);
    start(hog, 1, 100);
    Eventually.await("a full share", () -> runs("hog-alone", "running") == SHARE);

    anotherUsersRunEnds("beside-one");
    assertEquals(SHARE, runs("hog-alone", "running"));
    assertEquals(100 - SHARE, runs("hog-alone", "pending"));
    assertEquals(SHARE, worker.holds());
  }

  @Test
  void manyProfilesOfAUserLeavePlacesToOthers() throws Exception {
    OtherUser hog = hog("hog-of-many", 20);
    start(hog, 20, 8);
    awaitStandstill();
    assertTrue(runs("hog-of-many", "running") >= SHARE);
    assertTrue(runs("hog-of-many", "pending") > 0);

    anotherUsersRunEnds("beside-many");
    assertEquals(0, runs("hog-of-many", "ready"));
  }

  @Test
  void twoHogsShareAndANewcomerBegins() throws Exception {
    OtherUser one = hog("hog-one", 1);
    OtherUser two = hog("hog-two", 1);
    start(one, 1, 100);
    start(two, 1, 100);
    awaitStandstill();
    assertTrue(runs("hog-one", "running") > 1);
    assertTrue(runs("hog-two", "running") > 1);

    anotherUsersRunEnds("beside-two");
    anotherUsersRunEnds("newcomer");
    assertEquals(0, runs("hog-one", "ready") + runs("hog-two", "ready"));
  }

  @Test
  void toolsThatHangHoldTheWorkingPlacesOfAProfileAndLeaveOneToOthers() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    try (ScriptedMcp server =
        new ScriptedMcp()
            .tools(tool("slow", "Takes its time."))
            .calls(
                request -> {
                  calls.incrementAndGet();
                  hang();
                  return ScriptedMcp.text("Found.");
                })) {
      OtherUser hog = hog("hog-of-tools", 1, "call");
      hog.api()
          .body("{\"name\": \"far\", \"mcp\": {\"url\": \"%s\"}}".formatted(server.url()))
          .post("/api/profiles/~/p0/installations")
          .then()
          .statusCode(201);
      start(hog, 1, 20);
      Eventually.await("as many calls as may work", () -> calls.get() == WORKING);

      anotherUsersRunEnds("beside-tools");
      assertEquals(WORKING, calls.get());
      assertEquals(0, runs("hog-of-tools", "ready"));
      letAllEnd();
      assertEquals(20, calls.get());
    }
  }

  private void anotherUsersRunEnds(String user) {
    OtherUser other = OtherUser.named(user, database);
    other.register("quick", "Say it", model);
    other
        .api()
        .put("/api/profiles/~/default/tasks/quick/runs/r?wait=60")
        .then()
        .statusCode(201)
        .body("status", equalTo("ready"));
  }

  // As many as may run do so, and no more have begun for a while.
  private void awaitStandstill() {
    Eventually.await("all that may run", () -> worker.holds() >= SHARE);
    Eventually.await("the last requests", () -> model.requests().size() >= worker.holds());
  }

  private OtherUser hog(String name, int profiles) throws SQLException {
    return hog(name, profiles, "hang");
  }

  private OtherUser hog(String name, int profiles, String prompt) throws SQLException {
    hogs.add(name);
    OtherUser hog = OtherUser.named(name, database);
    for (int i = 0; i < profiles; i++) {
      try (Connection connection = database.getConnection();
          PreparedStatement insert =
              connection.prepareStatement(
                  "INSERT INTO profile (id, account_id, name) SELECT gen_random_uuid(), id, ? FROM"
                      + " account WHERE username = ? ON CONFLICT DO NOTHING")) {
        insert.setString(1, "p" + i);
        insert.setString(2, name);
        insert.executeUpdate();
      }
      hog.api()
          .body(
              task(
                  prompt,
                  model.url(),
                  Map.of("key", "sk-a-key-for-tests-1234", "concurrency", 1000)))
          .put("/api/profiles/~/p" + i + "/tasks/hang")
          .then()
          .statusCode(201);
    }
    return hog;
  }

  private static void start(OtherUser hog, int profiles, int each) throws Exception {
    Semaphore free = new Semaphore(CALLERS);
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> started = new ArrayList<>();
      for (int i = 0; i < profiles * each; i++) {
        String run = "/api/profiles/~/p" + i % profiles + "/tasks/hang/runs/r" + i;
        started.add(
            callers.submit(
                () -> {
                  free.acquireUninterruptibly();
                  try {
                    hog.api().put(run).then().statusCode(201);
                  } finally {
                    free.release();
                  }
                }));
      }
      for (Future<?> one : started) {
        one.get();
      }
    }
  }

  private int runs(String user, String status) {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT count(*) FROM run JOIN profile ON profile.id = profile_id JOIN account ON"
                    + " account.id = account_id WHERE username = ? AND status = ?")) {
      select.setString(1, user);
      select.setString(2, status);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
