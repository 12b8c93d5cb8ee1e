package dev.errand.identity.auth;

import static dev.errand.support.Api.api;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Rights;
import dev.errand.identity.account.Scope;
import dev.errand.identity.account.Sessions;
import dev.errand.identity.account.UserRole;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.identity.token.Tokens;
import dev.errand.support.ApiToken;
import dev.errand.support.Eventually;
import dev.errand.support.OtherUser;
import dev.errand.support.StatementLog;
import dev.errand.support.TestDatabase;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Long requests are ended by what is revoked, in this process and in another one. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class LongRequestsTest {
  private static final Duration NEVER = Duration.ofHours(1);
  private static final String PROFILE = "/api/profiles/admin/open-to-ada";
  private static final ProfileSlug SLUG = new ProfileSlug("admin", "open-to-ada");

  @Inject LongRequests here;
  @Inject AccessCheck check;
  @Inject Sessions sessions;
  @Inject Tokens tokens;
  @Inject Sql sql;
  @Inject DataSource database;
  @Inject Clock clock;

  @ConfigProperty(name = "quarkus.datasource.jdbc.url")
  String url;

  @ConfigProperty(name = "quarkus.datasource.username")
  String username;

  @ConfigProperty(name = "quarkus.datasource.password")
  String password;

  private final AtomicBoolean down = new AtomicBoolean();
  private final AtomicInteger connections = new AtomicInteger();
  private final List<ErrorCode> refusedHere = new CopyOnWriteArrayList<>();
  private final List<ErrorCode> refusedElsewhere = new CopyOnWriteArrayList<>();

  /** Hears none of the events of this process, as another one does not. */
  private LongRequests elsewhere;

  private OtherUser ada;
  private UUID profileId;

  /** Connections of the other process, which can be cut off. */
  private final class OwnConnections extends PGSimpleDataSource {
    private static final long serialVersionUID = 1L;

    @Override
    public Connection getConnection() throws SQLException {
      connections.incrementAndGet();
      if (down.get()) {
        throw new SQLException("The database is down", "08001");
      }
      return super.getConnection();
    }
  }

  @BeforeEach
  void aProfileThatIsShared() {
    OwnConnections own = new OwnConnections();
    own.setUrl(url);
    own.setUser(username);
    own.setPassword(password);
    elsewhere = new LongRequests(new AccessCheck(new Sql(own), clock));
    ada = OtherUser.named("open-ada", database);
    api().body("{}").post(PROFILE.replace("admin", "~")).then().statusCode(201);
    share("runner");
    profileId =
        sql.statement("SELECT id FROM profile WHERE name = 'open-to-ada'").one(row -> row.id("id"));
  }

  @AfterEach
  void stop() {
    StatementLog.stop();
    here.lookEvery(Duration.ofSeconds(1));
    elsewhere.stop(new ShutdownEvent());
    api().delete(PROFILE + "?force=true");
    api().delete("/api/users/open-ada?force=true");
  }

  private static void share(String role) {
    api()
        .body("{\"role\": \"" + role + "\"}")
        .put(PROFILE + "/members/open-ada")
        .then()
        .statusCode(org.hamcrest.Matchers.oneOf(200, 201));
  }

  private Caller bySession() {
    return sessions.callerOf(ada.session()).orElseThrow();
  }

  private NeededAccess needed(Caller caller, Right right) {
    return new NeededAccess(caller, new NeededAccess.InProfile(profileId, SLUG, null, right));
  }

  private void open(NeededAccess needed) {
    here.open(needed, refusal -> refusedHere.add(refusal.code()));
    elsewhere.open(needed, refusal -> refusedElsewhere.add(refusal.code()));
  }

  private void awaitRefused(ErrorCode code) {
    Eventually.await("the refusal here", () -> !refusedHere.isEmpty());
    Eventually.await("the refusal elsewhere", () -> !refusedElsewhere.isEmpty());
    assertEquals(code, refusedHere.getFirst());
    assertEquals(code, refusedElsewhere.getFirst());
  }

  @Test
  void aChangeIsSeenAtOnceHereAndWithItsNextLookElsewhere() {
    here.lookEvery(NEVER);
    ApiToken token = ApiToken.make(ada.api(), List.of("read", "write"), Map.of());
    open(needed(tokens.callerOf(token.text()), Right.SEE));
    ada.api().delete("/api/tokens/" + token.id()).then().statusCode(204);
    awaitRefused(ErrorCode.UNAUTHENTICATED);
  }

  @Test
  void aLowerRoleEndsWhatWantsAHigherOne() {
    here.lookEvery(NEVER);
    List<ErrorCode> seeing = new CopyOnWriteArrayList<>();
    try (LongRequest _ =
        here.open(needed(bySession(), Right.SEE_RUNS), refusal -> seeing.add(refusal.code()))) {
      open(needed(bySession(), Right.RUN));
      share("viewer");
      awaitRefused(ErrorCode.ROLE_MISSING);
      assertEquals(List.of(), seeing);
    }
  }

  @Test
  void aProfileThatIsNoLongerPublicIsHidden() {
    here.lookEvery(NEVER);
    api().delete(PROFILE + "/members/open-ada").then().statusCode(204);
    api().body("{\"is_public\": true}").patch(PROFILE).then().statusCode(200);
    NeededAccess look = needed(bySession(), Right.LOOK);
    assertEquals(List.of(Optional.empty()), check.refusals(List.of(look)));
    open(look);
    api().body("{\"is_public\": false}").patch(PROFILE).then().statusCode(200);
    awaitRefused(ErrorCode.PROFILE_NOT_FOUND);
  }

  @Test
  void requestsThatOnlyNeedACredentialEndWithIt() {
    here.lookEvery(NEVER);
    open(new NeededAccess(bySession(), null));
    ada.api().delete("/api/sessions/current").then().statusCode(204);
    awaitRefused(ErrorCode.UNAUTHENTICATED);
  }

  @Test
  void aTokenForOneTaskKeepsThatTask() {
    String slug = "admin/open-to-ada/t";
    api()
        .body(dev.errand.support.Api.task("p", "http://127.0.0.1:1", Map.of("key", "sk-1234567")))
        .put(PROFILE + "/tasks/t")
        .then()
        .statusCode(201);
    ApiToken token = ApiToken.make(api(), List.of("read"), Map.of("tasks", List.of(slug)));
    Caller caller = tokens.callerOf(token.text());
    NeededAccess own = NeededAccess.toTask(caller, profileId, SLUG, "t", Right.SEE);
    NeededAccess other = NeededAccess.toTask(caller, profileId, SLUG, "other", Right.SEE);
    assertEquals(List.of("allowed", "scope_missing"), told(List.of(own, other)));
    api().body("{\"name\": \"renamed\"}").patch(PROFILE).then().statusCode(200);
    assertEquals(List.of("allowed", "scope_missing"), told(List.of(own, other)));
    api().body("{\"name\": \"open-to-ada\"}").patch("/api/profiles/~/renamed");
    api().delete("/api/tokens/" + token.id()).then().statusCode(204);
    assertEquals(List.of("unauthenticated", "unauthenticated"), told(List.of(own, other)));
  }

  private List<String> told(List<NeededAccess> needed) {
    return check.refusals(needed).stream()
        .map(refusal -> refusal.map(ApiException::code).map(ErrorCode::code).orElse("allowed"))
        .toList();
  }

  @Test
  void aTokenOfAnotherServerEndsByItselfOrWithItsUser() {
    Caller user = bySession();
    NeededAccess good = needed(issued(user, Scope.READ, "2100-01-01"), Right.SEE);
    NeededAccess expired = needed(issued(user, Scope.READ, "2020-01-01"), Right.SEE);
    NeededAccess running = needed(issued(user, Scope.RUN, "2100-01-01"), Right.SEE);
    assertEquals(
        List.of("allowed", "unauthenticated", "scope_missing"),
        told(List.of(good, expired, running)));
    here.lookEvery(NEVER);
    open(good);
    sql.statement("UPDATE account SET disabled_at = now() WHERE username = 'open-ada'").run();
    here.lookEvery(Duration.ofMillis(10));
    awaitRefused(ErrorCode.UNAUTHENTICATED);
  }

  private static Caller issued(Caller user, Scope scope, String end) {
    Rights.ByToken token =
        new Rights.ByToken(
            UUID.randomUUID(), Instant.parse(end + "T00:00:00Z"), Rights.TokenKind.ISSUED);
    return new Caller(
        user.id(),
        user.username(),
        Rights.of(UserRole.MEMBER).of(token, Set.of(scope), Set.of(), Set.of()));
  }

  @Test
  void aThousandTakeOneStatement() {
    List<NeededAccess> all = new ArrayList<>();
    all.addAll(Collections.nCopies(500, needed(bySession(), Right.SEE)));
    for (int i = 0; i < 499; i++) {
      Rights rights = Rights.of(UserRole.MEMBER).bySession(UUID.randomUUID());
      all.add(needed(new Caller(UUID.randomUUID(), "nobody-" + i, rights), Right.SEE));
    }
    all.add(needed(bySession(), Right.EDIT));
    StatementLog.start();
    List<String> told = told(all);
    long statements =
        StatementLog.ofAll().stream().filter(sent -> sent.contains("asked.number")).count();
    assertEquals(1, statements);
    assertEquals(Collections.nCopies(500, "allowed"), told.subList(0, 500));
    assertEquals(Collections.nCopies(499, "unauthenticated"), told.subList(500, 999));
    assertEquals("role_missing", told.getLast());
  }

  @Test
  void everythingStaysOpenWhileTheDatabaseDoesNotAnswer() {
    down.set(true);
    open(needed(bySession(), Right.SEE));
    ada.api().delete("/api/sessions/current").then().statusCode(204);
    Eventually.await("looks that fail", () -> connections.get() >= 2);
    assertEquals(List.of(), refusedElsewhere);
    down.set(false);
    awaitRefused(ErrorCode.UNAUTHENTICATED);
  }

  @Test
  void nothingIsCheckedWhileNoRequestIsOpen() {
    LongRequest open = elsewhere.open(needed(bySession(), Right.SEE), refusal -> {});
    assertTrue(elsewhere.isLooking());
    open.close();
    Eventually.await("the end of looking", () -> !elsewhere.isLooking());
    elsewhere.open(needed(bySession(), Right.SEE), refusal -> {});
    assertTrue(elsewhere.isLooking(), "and it begins again");
  }

  @Test
  void requestsOfTheProcessItselfAreNotChecked() {
    Caller owner = new Caller(UUID.randomUUID(), "owner", Rights.of(UserRole.MEMBER));
    LongRequest open =
        elsewhere.open(needed(owner, Right.SEE), refusal -> refusedElsewhere.add(refusal.code()));
    open.look();
    assertFalse(elsewhere.isLooking());
    assertEquals(List.of(), refusedElsewhere);
  }
}
