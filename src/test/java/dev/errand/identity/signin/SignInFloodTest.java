package dev.errand.identity.signin;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.identity.account.PasswordHash;
import dev.errand.support.Eventually;
import dev.errand.support.HostedService;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** However many try passwords, everybody else is served. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(HostedService.class)
class SignInFloodTest {
  private static final String PASSWORD = "correct horse battery";
  private static final String HASH = PasswordHash.of(PASSWORD);
  private static final String HOME = "198.51.100.1";
  private static int number;

  @Inject DataSource database;
  @Inject PasswordHasher hasher;

  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch released = new CountDownLatch(1);
  private String name = "";

  @BeforeEach
  void aUserWithAPassword() throws SQLException {
    number++;
    name = "flooded-" + number;
    api().body("{\"role\": \"member\"}").put("/api/users/" + name).then().statusCode(201);
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "UPDATE account SET password_hash = ? WHERE username = ?")) {
      statement.setString(1, HASH);
      statement.setString(2, name);
      statement.executeUpdate();
    }
  }

  @AfterEach
  void release() {
    released.countDown();
    clients.close();
    api().delete("/api/users/" + name + "?force=true");
  }

  private static Response signIn(String name, String password, String address) {
    return given()
        .contentType(ContentType.JSON)
        .header("X-Forwarded-For", address)
        .body(Map.of("username", name, "password", password))
        .post("/api/sessions");
  }

  @Test
  void aSignInThatFindsTooManyOthersIsRefusedAtOnceAndNobodyElseWaits() throws Exception {
    String session = signIn(name, PASSWORD, HOME).then().statusCode(201).extract().path("session");
    List<Future<?>> underWay = fillTheHasher();

    Response refused = signIn(name, PASSWORD, "203.0.113.1");
    problem(refused, 503, "unavailable");
    assertTrue(Integer.parseInt(refused.header("Retry-After")) >= 1);
    given()
        .contentType(ContentType.URLENC)
        .header("X-Forwarded-For", "203.0.113.2")
        .formParams(Map.of("username", name, "password", PASSWORD))
        .post("/sign-in")
        .then()
        .statusCode(503)
        .header("Retry-After", equalTo(refused.header("Retry-After")));
    given().cookie("sessionId", session).get(TASKS).then().statusCode(200);
    given().get("/q/health/ready").then().statusCode(200);
    underWay.forEach(one -> assertEquals(false, one.isDone()));

    Future<Response> known = clients.submit(() -> signIn(name, PASSWORD, HOME));
    Eventually.await("somebody known who waits", () -> hasher.knownWaiting() == 1);
    released.countDown();
    known.get().then().statusCode(201);
    for (Future<?> one : underWay) {
      one.get();
    }
    signIn(name, PASSWORD, "203.0.113.1").then().statusCode(201);
  }

  @Test
  void oneAddressTakesHalfOfTheWaitingPlaces() throws Exception {
    List<Future<?>> underWay = occupyThreads();
    for (int i = 0; i < hasher.placesOfNetwork(); i++) {
      underWay.add(wait("2001:db8::" + i));
    }
    Eventually.await("those who wait", () -> hasher.strangersWaiting() == hasher.placesOfNetwork());
    problem(signIn(name, PASSWORD, "2001:db8::abcd"), 503, "unavailable");
    Future<Response> other = clients.submit(() -> signIn(name, PASSWORD, "2001:db8:0:1::1"));
    Eventually.await("one more", () -> hasher.strangersWaiting() == hasher.placesOfNetwork() + 1);
    released.countDown();
    other.get().then().statusCode(201);
  }

  @Test
  void wrongPasswordsFromOneAddressLockNobodyOut() {
    Response guess = signIn(name, "a guess of a password", "203.0.113.9");
    while (guess.statusCode() == 401) {
      guess = signIn(name, "a guess of a password", "203.0.113.9");
    }
    problem(guess, 429, "rate_limited");
    signIn(name, PASSWORD, HOME).then().statusCode(201);
  }

  private List<Future<?>> fillTheHasher() {
    List<Future<?>> underWay = occupyThreads();
    for (int i = 0; i < hasher.places(); i++) {
      underWay.add(wait("192.0.2." + i));
    }
    Eventually.await("those who wait", () -> hasher.strangersWaiting() == hasher.places());
    return underWay;
  }

  private List<Future<?>> occupyThreads() {
    CountDownLatch begun = new CountDownLatch(hasher.cores());
    List<Future<?>> underWay = new ArrayList<>();
    for (int i = 0; i < hasher.cores(); i++) {
      String address = "192.0.2." + (100 + i);
      underWay.add(
          clients.submit(
              () ->
                  hasher.run(
                      () -> {
                        begun.countDown();
                        return await(released);
                      },
                      address,
                      false)));
    }
    await(begun);
    return underWay;
  }

  private Future<?> wait(String address) {
    return clients.submit(() -> signIn("nobody", "a guess of a password", address));
  }

  private static boolean await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return true;
  }
}
