package dev.errand.runs.live;

import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.ScriptedModel.say;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.oneOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.support.Api;
import dev.errand.support.ApiToken;
import dev.errand.support.Events;
import dev.errand.support.Eventually;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What ends the right to watch a run ends the streams and the waits that are open. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RevokedWatcherTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String USER = "/api/users/watching-ada";
  private static final String PROFILE = "/api/profiles/admin/watched-profile";
  private static final String RUN = PROFILE + "/tasks/watched/runs/live";

  @TestHTTPResource URI server;
  @Inject RunWatchers watch;
  @Inject DataSource database;

  private final ScriptedModel model = new ScriptedModel();
  private final Semaphore answers = new Semaphore(0);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private OtherUser ada;
  private ApiToken token;

  enum Cause {
    SESSION_ENDED(false, 401, "unauthenticated"),
    SESSION_ENDED_ELSEWHERE(false, 401, "unauthenticated"),
    TOKEN_REVOKED(true, 401, "unauthenticated"),
    TOKEN_EXPIRED(true, 401, "unauthenticated"),
    USER_DISABLED(false, 401, "unauthenticated"),
    USER_DISABLED_WITH_TOKEN(true, 401, "unauthenticated"),
    USER_DELETED(false, 401, "unauthenticated"),
    MEMBER_REMOVED(false, 404, "profile_not_found"),
    MEMBER_REMOVED_ELSEWHERE(true, 404, "profile_not_found"),
    PROFILE_DELETED(false, 404, "profile_not_found");

    private final boolean byToken;
    private final int status;
    private final String code;

    Cause(boolean byToken, int status, String code) {
      this.byToken = byToken;
      this.status = status;
      this.code = code;
    }
  }

  @BeforeEach
  void aLiveRunInAProfileThatIsShared() {
    model.script(
        request -> {
          answers.acquireUninterruptibly();
          return say("The end.");
        });
    ada = OtherUser.named("watching-ada", database);
    api().body("{}").post("/api/profiles/~/watched-profile").then().statusCode(201);
    api()
        .body("{\"role\": \"runner\"}")
        .put(PROFILE + "/members/watching-ada")
        .then()
        .statusCode(201);
    api()
        .body(Api.task("Hello", model.url(), Map.of("key", "sk-a-key-for-tests-1234")))
        .put(PROFILE + "/tasks/watched")
        .then()
        .statusCode(201);
    api().body("{}").put(RUN).then().statusCode(201);
    token = ApiToken.make(ada.api(), List.of("read", "run", "write"), Map.of());
  }

  @AfterEach
  void stop() {
    answers.release(100);
    api().delete(PROFILE + "?force=true");
    api().delete(USER + "?force=true");
    threads.shutdownNow();
    model.close();
    Eventually.await("no watcher left", () -> watch.watchers() == 0);
  }

  private void revoke(Cause cause) throws SQLException {
    switch (cause) {
      case SESSION_ENDED -> expect(204, ada.api().delete("/api/sessions/current"));
      case SESSION_ENDED_ELSEWHERE ->
          execute("DELETE FROM session USING account WHERE account.id = account_id AND " + IS_ADA);
      case TOKEN_REVOKED -> expect(204, ada.api().delete("/api/tokens/" + token.id()));
      case TOKEN_EXPIRED ->
          execute(
              "UPDATE token SET expires_at = now() - interval '1 second' WHERE id = '%s'"
                  .formatted(token.id()));
      case USER_DISABLED, USER_DISABLED_WITH_TOKEN ->
          expect(200, api().body("{\"role\": \"member\", \"disabled\": true}").put(USER));
      case USER_DELETED -> expect(204, api().delete(USER + "?force=true"));
      case MEMBER_REMOVED -> expect(204, api().delete(PROFILE + "/members/watching-ada"));
      case MEMBER_REMOVED_ELSEWHERE ->
          execute(
              "DELETE FROM profile_member USING account WHERE account.id = account_id AND "
                  + IS_ADA);
      case PROFILE_DELETED -> expect(204, api().delete(PROFILE + "?force=true"));
    }
  }

  private static final String IS_ADA = "username = 'watching-ada'";

  private static void expect(int status, Response answer) {
    answer.then().statusCode(status);
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      assertEquals(1, statement.executeUpdate(sql));
    }
  }

  private static RequestSpecification with(String credential) {
    return given()
        .urlEncodingEnabled(false)
        .cookie("sessionId", credential)
        .contentType(ContentType.JSON);
  }

  @ParameterizedTest
  @EnumSource
  void openRequestsEndLikeANewRequest(Cause cause) throws Exception {
    String credential = cause.byToken ? token.text() : ada.session();
    Future<Response> asked = threads.submit(() -> with(credential).get(RUN + "?wait=60"));
    Future<Response> started =
        threads.submit(() -> with(credential).body("{}").put(RUN + "?wait=60"));
    try (Events events = Events.of(server.resolve(RUN + "/events"), null, credential);
        Events others = Events.of(server.resolve(RUN + "/events"), null)) {
      events.await(so -> so.named("entry").size() == 1);
      others.await(so -> so.named("entry").size() == 1);
      Eventually.await("all of them", () -> watch.watchers() == 4);
      revoke(cause);
      String refusal =
          problem(asked.get(), cause.status, cause.code).then().extract().body().asString();
      assertEquals(
          refusal, problem(with(credential).get(RUN), cause.status, cause.code).asString());
      assertEquals(refusal, problem(started.get(), cause.status, cause.code).asString());
      assertTrue(events.awaitOver(), "the stream ends in good order");
      assertEquals(List.of("entry", "refused"), names(events));
      assertEquals(JSON.readTree(refusal), JSON.readTree(events.all().getLast().data()));
      if (cause == Cause.PROFILE_DELETED) {
        assertTrue(others.awaitOver());
        assertEquals(List.of("entry", "refused"), names(others));
      } else {
        api().get(RUN).then().statusCode(200).body("status", oneOf("pending", "running"));
        assertEquals(1, watch.watchers(), "those of others stay");
        answers.release();
        assertTrue(others.awaitOver());
        assertEquals("end", others.all().getLast().name());
      }
    }
  }

  @Test
  void aWaitWithoutAnythingRevokedIsAnswered() throws Exception {
    Future<Response> asked = threads.submit(() -> token.api().get(RUN + "?wait=60"));
    Eventually.await("the watcher", () -> watch.watchers() == 1);
    // What ends another session of the same user ends nothing of this one.
    expect(204, ada.api().delete("/api/sessions/current"));
    assertFalse(asked.isDone());
    answers.release();
    asked.get().then().statusCode(200).body("status", equalTo("ready"));
  }

  private static List<String> names(Events events) {
    return events.all().stream().map(Events.Event::name).toList();
  }
}
