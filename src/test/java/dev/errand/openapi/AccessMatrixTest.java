package dev.errand.openapi;

import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.identity.account.Scope;
import dev.errand.identity.profile.ProfileRole;
import dev.errand.openapi.ApiDocument.Operation;
import dev.errand.support.ApiToken;
import dev.errand.support.OtherUser;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Who may do what: each operation of the API's document, by each role in a profile, with each
 * scope. The scopes are those of the document's {@code security}; the roles are the table below.
 *
 * <p>Tasks and other things that the requests name do not exist, so that an operation that is
 * allowed fails later and changes little.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class AccessMatrixTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ABSENT = "absent-in-the-matrix";
  private static final String OWNER = "admin";

  /** The least role that an operation in a profile wants. A new operation is added here. */
  private static final Map<ProfileRole, String> ROLES =
      Map.of(
          ProfileRole.VIEWER,
          """
          getProfile getPause listMembers listCallbacks listCallbackDeliveries getOlderTask listOlderRuns
          getOlderRun listRuns listProfileRuns getRun watchRun getEntryRequest listSchedules getSchedule listFires explainFire listTasks getTask getTaskWatch
          previewTask listInstallations getInstallation listTriggers listDeliveries
          listNotices getNotice listNoticeDeliveries previewApprovals listApprovals getApproval
          getProfileUsage getTaskUsage listProfileProviders getProfileProvider listChannels getChannel sendMcpMessageToProfile
          listBudgets getBudget
          """,
          ProfileRole.APPROVER,
          "decideApproval",
          ProfileRole.RUNNER,
          "putRun deleteRun cancelRun retryRun runSchedule callTool replayDelivery",
          ProfileRole.EDITOR,
          """
          putNotice deleteNotice redeliverNotice
          pauseProfile unpauseProfile redeliver enableCallback putOlderTask putTask patchTask
          deleteTask putSchedule patchSchedule deleteSchedule resumeSchedule install putInstallation
          patchInstallation uninstall refreshInstallation acceptInstallation connectInstallation confirmConnection disconnectInstallation createTrigger getTrigger putTrigger deleteTrigger getSignedUrl
          putProfileProvider deleteProfileProvider checkProfileProvider listProfileModels
          putChannel deleteChannel askRecipient testChannel
          """,
          ProfileRole.OWNER,
          "patchProfile deleteProfile putMember deleteMember putBudget deleteBudget");

  /** The roles that may do what wants a role. */
  private static final Map<ProfileRole, Set<ProfileRole>> ABOVE =
      Map.of(
          ProfileRole.VIEWER,
          EnumSet.allOf(ProfileRole.class),
          ProfileRole.APPROVER,
          EnumSet.of(ProfileRole.APPROVER, ProfileRole.EDITOR, ProfileRole.OWNER),
          ProfileRole.RUNNER,
          EnumSet.of(ProfileRole.RUNNER, ProfileRole.EDITOR, ProfileRole.OWNER),
          ProfileRole.EDITOR,
          EnumSet.of(ProfileRole.EDITOR, ProfileRole.OWNER),
          ProfileRole.OWNER,
          EnumSet.of(ProfileRole.OWNER));

  /** Bodies that change less than the document's examples do. */
  private static final Map<String, String> BODIES =
      Map.of(
          "pauseProfile",
          "{\"paused\": false}",
          "install",
          "{}",
          "putUser",
          "{}",
          "createToken",
          "{\"name\": \"made in the matrix\", \"scopes\": [\"write\"]}",
          "putOAuthClient",
          "{}");

  /**
   * A body as it is sent.
   *
   * @param type its media type; null for the one that the document names
   * @param body the body; null for the document's example
   */
  private record Sent(@Nullable String type, @Nullable String body) {
    static final Sent WELL = new Sent(null, null);
  }

  /** Bodies that no operation accepts, or few. */
  private static final List<Sent> BAD =
      List.of(
          new Sent(null, "{\"a\":"),
          new Sent(null, ""),
          new Sent(null, "[7]"),
          new Sent(null, "{\"not_a_field\": 1}"),
          new Sent("text/plain", null),
          new Sent("application/xml", "<a/>"));

  @Inject DataSource database;

  // An upgrade to HTTP/2 takes another way into the service.
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  // The ids of the requests that were refused.
  private final List<String> refused = new ArrayList<>();

  /** The class of an answer. */
  private enum Cell {
    UNAUTHENTICATED,
    SCOPE_MISSING,
    ROLE_MISSING,
    PROFILE_NOT_FOUND,
    ALLOWED,
    FAILED
  }

  /**
   * A user, as seen from a profile.
   *
   * @param name what the user is there
   * @param role the role that the user has there; null for none
   * @param isOwn whether the profile is the user's own
   * @param may the scopes that the user may have
   * @param tokens a token for each scope alone, and one for all
   */
  private record Actor(
      String name,
      @Nullable ProfileRole role,
      boolean isOwn,
      Set<Scope> may,
      Map<Set<Scope>, ApiToken> tokens) {

    Cell expected(@Nullable ProfileRole least, Set<Set<Scope>> ways, Set<Scope> given) {
      if (least != null && !isOwn && role == null) {
        return Cell.PROFILE_NOT_FOUND;
      }
      if (ways.stream().noneMatch(way -> given.containsAll(way) && may.containsAll(way))) {
        return Cell.SCOPE_MISSING;
      }
      return least != null
              && !isOwn
              && role != null
              && !Objects.requireNonNull(ABOVE.get(least)).contains(role)
          ? Cell.ROLE_MISSING
          : Cell.ALLOWED;
    }
  }

  @AfterEach
  void tidyUp() throws Exception {
    for (String task : List.of("put-in-the-matrix", "older-in-the-matrix")) {
      api().delete("/api/profiles/~/default/tasks/" + task + "?force=true");
    }
    execute("DELETE FROM token");
    execute("DELETE FROM provider WHERE name = '" + ABSENT + "'");
    execute("DELETE FROM budget WHERE name = '" + ABSENT + "'");
    execute("DELETE FROM channel WHERE name = '" + ABSENT + "'");
    execute("DELETE FROM account WHERE username LIKE 'matrix-%'");
  }

  @Test
  void eachOperationIsAllowedToWhoMayAndToNobodyElse() throws Exception {
    List<Actor> foreign = new ArrayList<>();
    foreign.add(actor("none", null));
    for (ProfileRole role : ProfileRole.values()) {
      foreign.add(actor(role.code(), role));
    }
    Actor account =
        new Actor("account", null, true, EnumSet.allOf(Scope.class), tokens(api(), true));
    List<String> wrong = new ArrayList<>();
    refused.clear();
    int cells = 0;
    for (Operation operation : ApiDocument.served().operations()) {
      JsonNode security = operation.node().path("security");
      assertTrue(security.isArray(), () -> operation + " says nothing of `security`");
      if (security.isEmpty() || security.get(0).has("events")) {
        continue;
      }
      check(operation, "~", null, Cell.UNAUTHENTICATED, "nobody", wrong);
      boolean isInProfile = isInProfile(operation);
      ProfileRole least = isInProfile ? roleOf(operation) : null;
      Set<Set<Scope>> ways = ways(security);
      for (Map.Entry<Set<Scope>, ApiToken> token : account.tokens().entrySet()) {
        Cell expected = account.expected(least, ways, token.getKey());
        check(operation, "~", token.getValue(), expected, "account " + token.getKey(), wrong);
        cells++;
      }
      for (Actor actor : isInProfile ? foreign : foreign.subList(0, 1)) {
        for (Map.Entry<Set<Scope>, ApiToken> token : actor.tokens().entrySet()) {
          Cell expected = actor.expected(least, ways, token.getKey());
          String user = isInProfile ? OWNER : "~";
          String who = actor.name() + " " + token.getKey();
          check(operation, user, token.getValue(), expected, who, wrong);
          cells++;
        }
      }
      if (isInProfile) {
        // The role of admins opens nobody's profile.
        ApiToken all = account.tokens().get(EnumSet.allOf(Scope.class));
        check(operation, "matrix-none", all, Cell.PROFILE_NOT_FOUND, "admin elsewhere", wrong);
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(cells > 1500, "Only " + cells + " cells were found.");
    assertTrue(refused.size() > 1000, "Only " + refused.size() + " were refused.");
    assertEquals(List.of(), new AuditCheck(database).actors(refused));
  }

  @Test
  void noBodyIsJudgedBeforeTheRight() throws Exception {
    Set<Scope> all = EnumSet.allOf(Scope.class);
    Actor none = actor("none", null);
    List<Actor> members = new ArrayList<>(List.of(none));
    for (ProfileRole role : ProfileRole.values()) {
      members.add(actor(role.code(), role));
    }
    Actor account =
        new Actor("account", null, true, EnumSet.allOf(Scope.class), tokens(api(), true));
    List<String> wrong = new ArrayList<>();
    int checked = 0;
    for (Operation operation : ApiDocument.served().operations()) {
      JsonNode security = operation.node().path("security");
      if (security.isEmpty()
          || security.get(0).has("events")
          || !operation.node().has("requestBody")) {
        continue;
      }
      boolean isInProfile = isInProfile(operation);
      ProfileRole least = isInProfile ? roleOf(operation) : null;
      Set<Set<Scope>> ways = ways(security);
      for (Sent sent : BAD) {
        check(operation, "~", null, Cell.UNAUTHENTICATED, "nobody", sent, wrong);
        for (Map.Entry<Set<Scope>, ApiToken> token : account.tokens().entrySet()) {
          Cell expected = account.expected(least, ways, token.getKey());
          // The malformed body does nothing, and also shows that no right is asked for in vain.
          if (expected != Cell.ALLOWED || sent.equals(BAD.getFirst())) {
            String who = "account " + token.getKey();
            check(operation, "~", token.getValue(), expected, who, sent, wrong);
            checked++;
          }
        }
        for (Actor actor : isInProfile ? members : List.of(none)) {
          Cell expected = actor.expected(least, ways, all);
          if (expected != Cell.ALLOWED || sent.equals(BAD.getFirst())) {
            String user = isInProfile ? OWNER : "~";
            check(operation, user, actor.tokens().get(all), expected, actor.name(), sent, wrong);
            checked++;
          }
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(checked > 500, "Only " + checked + " were checked.");
  }

  /** A session is looked up later than a token is: on an event loop, nothing may wait for that. */
  @Test
  void aSessionWithoutTheRightLearnsNothingOfTheMediaType() throws Exception {
    RequestSpecification other = OtherUser.named("matrix-session", database).api();

    problem(
        other
            .contentType("text/plain")
            .body("{}")
            .patch("/api/profiles/admin/default/tasks/" + ABSENT),
        404,
        "profile_not_found");
    problem(
        api()
            .contentType("text/plain")
            .body("{}")
            .patch("/api/profiles/admin/default/tasks/" + ABSENT),
        415,
        "unsupported_media_type");
  }

  @Test
  void theTableOfRolesNamesEachOperationOfProfilesAndNoOther() {
    Set<String> inProfiles =
        ApiDocument.served().operations().stream()
            .filter(AccessMatrixTest::isInProfile)
            .map(Operation::id)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(
        inProfiles,
        ROLES.values().stream()
            .flatMap(AccessMatrixTest::words)
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  /** Whether others than its owner may do it in a profile. One creates profiles of one's own. */
  private static boolean isInProfile(Operation operation) {
    return operation.path().contains("{profile}") && !operation.id().equals("createProfile");
  }

  private static Stream<String> words(String text) {
    return Stream.of(text.strip().split("\\s+"));
  }

  private static ProfileRole roleOf(Operation operation) {
    return ROLES.entrySet().stream()
        .filter(row -> words(row.getValue()).anyMatch(operation.id()::equals))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(
            () -> new AssertionError(operation.id() + " has no row in the table of roles"));
  }

  /** The scopes that are wanted together, each time; one of the ways suffices. */
  private static Set<Set<Scope>> ways(JsonNode security) {
    return ApiDocument.stream(security)
        .filter(way -> way.has("session"))
        .map(
            way ->
                ApiDocument.stream(way.path("session"))
                    .map(scope -> Scope.of(scope.asText()))
                    .collect(Collectors.toSet()))
        .collect(Collectors.toSet());
  }

  private Actor actor(String name, @Nullable ProfileRole role) throws Exception {
    String username = "matrix-" + name;
    OtherUser user = OtherUser.named(username, database);
    if (role != null) {
      api()
          .body("{\"role\": \"" + role.code() + "\"}")
          .put("/api/profiles/~/default/members/" + username)
          .then()
          .statusCode(201);
    }
    Set<Scope> may = EnumSet.complementOf(EnumSet.of(Scope.ADMIN));
    return new Actor(name, role, false, may, tokens(user.api(), false));
  }

  private Map<Set<Scope>, ApiToken> tokens(RequestSpecification session, boolean isAdmin)
      throws Exception {
    Map<Set<Scope>, ApiToken> tokens = new LinkedHashMap<>();
    List<Set<Scope>> wanted = new ArrayList<>();
    for (Scope scope : Scope.values()) {
      wanted.add(EnumSet.of(scope));
    }
    wanted.add(EnumSet.allOf(Scope.class));
    for (Set<Scope> scopes : wanted) {
      // A member is not given the scope: what the database says counts for no more than the role.
      List<String> given =
          isAdmin ? scopes.stream().map(Scope::code).toList() : List.of(Scope.READ.code());
      ApiToken token = ApiToken.make(session, given, Map.of());
      if (!isAdmin) {
        execute(
            "UPDATE token SET scopes = '{%s}' WHERE id = '%s'"
                .formatted(
                    scopes.stream().map(Scope::code).collect(Collectors.joining(",")), token.id()));
      }
      tokens.put(scopes, token);
    }
    return tokens;
  }

  private void check(
      Operation operation,
      String user,
      @Nullable ApiToken token,
      Cell expected,
      String who,
      List<String> wrong)
      throws Exception {
    check(operation, user, token, expected, who, Sent.WELL, wrong);
  }

  private void check(
      Operation operation,
      String user,
      @Nullable ApiToken token,
      Cell expected,
      String who,
      Sent sent,
      List<String> wrong)
      throws Exception {
    HttpResponse<String> answer = send(operation, user, token, sent);
    Cell cell = cell(answer);
    if (answer.statusCode() >= 400) {
      answer.headers().firstValue("X-Request-Id").ifPresent(refused::add);
    }
    if (cell != expected) {
      wrong.add(
          operation.id()
              + " by "
              + who
              + (sent.equals(Sent.WELL) ? "" : " with " + sent)
              + ": "
              + expected
              + " was expected, and not "
              + answer.statusCode()
              + " "
              + answer.body());
    }
  }

  private static Cell cell(HttpResponse<String> answer) throws Exception {
    boolean isProblem =
        answer.headers().firstValue("Content-Type").orElse("").startsWith("application/problem");
    String code = isProblem ? JSON.readTree(answer.body()).path("code").asText() : "";
    return switch (code) {
      case "unauthenticated" -> Cell.UNAUTHENTICATED;
      case "scope_missing" -> Cell.SCOPE_MISSING;
      case "role_missing" -> Cell.ROLE_MISSING;
      case "profile_not_found" -> Cell.PROFILE_NOT_FOUND;
      default -> answer.statusCode() >= 500 ? Cell.FAILED : Cell.ALLOWED;
    };
  }

  private HttpResponse<String> send(
      Operation operation, String user, @Nullable ApiToken token, Sent sent) throws Exception {
    JsonNode content = operation.node().path("requestBody").path("content");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://localhost:" + RestAssured.port + address(operation, user)))
            .method(
                operation.method(),
                HttpRequest.BodyPublishers.ofString(
                    sent.body() == null ? body(operation, content) : sent.body()));
    content
        .properties()
        .forEach(
            media ->
                request.setHeader(
                    "Content-Type", media.getKey().replace("*/*", "application/json")));
    if (token != null) {
      request.setHeader("Authorization", "Bearer " + token.text());
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  private static String body(Operation operation, JsonNode content) {
    String own = BODIES.get(operation.id());
    if (own != null) {
      return own;
    }
    for (JsonNode media : content) {
      if (media.has("example")) {
        return media.path("example").toString();
      }
    }
    return content.isEmpty() ? "" : "{}";
  }

  private static String address(Operation operation, String user) {
    String task =
        switch (operation.id()) {
          case "putTask" -> "put-in-the-matrix";
          case "putOlderTask" -> "older-in-the-matrix";
          default -> ABSENT;
        };
    return operation
        .path()
        .replace("{user}", user)
        .replace("{profile}", "default")
        .replace("{owner}", "~")
        .replace("{task}", task)
        .replace("{address}", "0".repeat(64))
        .replaceAll("\\{\\w+}", ABSENT);
  }

  private void execute(String sql) throws Exception {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      boolean _ = statement.execute(sql);
    }
  }
}
