package dev.errand.runs.worker;

import static dev.errand.support.Api.task;
import static dev.errand.support.ScriptedModel.say;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Eventually;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
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
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A model that hangs holds the places of those who use it, and leaves some to everybody else. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class HangingModelTest {
  private static final int CONCURRENCY = 64;
  private static final int CALLERS = 4;

  private final ScriptedModel model = new ScriptedModel();
  private final CountDownLatch answers = new CountDownLatch(1);
  private final Set<String> hogs = ConcurrentHashMap.newKeySet();

  @Inject DataSource database;
  @Inject Worker worker;

  HangingModelTest() {
    model.script(
        request -> {
          if (request.lastMessage().path("content").asText().equals("hang")) {
            hang();
          }
          return say("Done.");
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
    Eventually.await("a full share", () -> runs("hog-alone", "running") == CONCURRENCY);

    anotherUsersRunEnds("beside-one");
    assertEquals(CONCURRENCY, runs("hog-alone", "running"));
    assertEquals(100 - CONCURRENCY, runs("hog-alone", "pending"));
    assertEquals(CONCURRENCY, worker.holds());
  }

  @Test
  void manyProfilesOfAUserLeavePlacesToOthers() throws Exception {
    OtherUser hog = hog("hog-of-many", 20);
    start(hog, 20, 8);
    awaitStandstill();
    assertTrue(runs("hog-of-many", "running") >= CONCURRENCY);
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
    Eventually.await("all that may run", () -> worker.holds() >= CONCURRENCY);
    Eventually.await("the last requests", () -> model.requests().size() >= worker.holds());
  }

  private OtherUser hog(String name, int profiles) throws SQLException {
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
                  "hang",
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
