package dev.errand.openapi;

import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.app.telemetry.Observed;
import dev.errand.automation.delivery.Receiver;
import dev.errand.support.Api;
import dev.errand.support.Eventually;
import dev.errand.support.GrantedAccess;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedIssuer;
import dev.errand.support.ScriptedMcp;
import dev.errand.support.ScriptedModel;
import dev.errand.support.Servlets;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Walks the API's document: each operation gets the request of its example, one without a session,
 * and one for something that does not exist, and each answer has to be as documented. Each that
 * changes something has to leave one line in the audit, and each that is refused none. The document
 * also promises no success that the walk does not see.
 */
public final class EveryOperation implements AutoCloseable {
  private static final String TASK = "walked";
  private static final String INSTALLATIONS = "/api/profiles/~/default/installations";

  private final ApiDocument document;
  private final DataSource database;
  private final ScriptedModel model = new ScriptedModel();
  private final Receiver receiver = new Receiver();

  private EveryOperation(ApiDocument document, DataSource database) {
    this.document = document;
    this.database = database;
  }

  /** A walk through the document that the service serves, which has that database. */
  public static EveryOperation served(DataSource database) {
    return new EveryOperation(ApiDocument.served(), database);
  }

  /** A walk through the approved document, whatever the service serves. */
  public static EveryOperation approved(DataSource database) {
    return new EveryOperation(ApiDocument.approved(), database);
  }

  @Override
  public void close() {
    api().delete(INSTALLATIONS + "/" + TASK);
    api().delete("/api/profiles/~/default/pause");
    api().delete(Api.TASKS + "/" + TASK + "?force=true");
    api().delete(Api.TASKS + "/" + TASK + "-older?force=true");
    model.close();
    receiver.close();
  }

  /** Sends all requests. */
  public void walk() {
    model.script(
        request -> {
          String last = request.lastMessage().toString();
          if (last.contains("broken")) {
            return error(404, "model_not_found", "There is no such model.");
          }
          return last.contains("asking")
              ? call("c", "calc_calculate", "{\"expression\": \"1+1\"}")
              : say("It is a page.");
        });
    ApiWalk walk =
        new ApiWalk(document, new AuditCheck(database)).at("task", TASK).editing(this::atHome);
    walk.expect(200, "getMe");
    users(walk);
    profiles(walk);
    walk.expect(200, "pauseProfile");
    walk.expect(200, "getPause");
    walk.expect(204, "unpauseProfile");
    walk.expect(200, "sendMcpMessage");
    walk.expect(200, "makeStreamAddress");
    walk.expect(200, "sendMcpMessageToProfile");
    byte[] notice =
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}"
            .getBytes(StandardCharsets.UTF_8);
    walk.expect(202, "sendMcpMessage", "", Map.of(), notice);
    walk.expect(202, "sendMcpMessageToProfile", "", Map.of(), notice);
    members(walk);
    tokens(walk);
    oauth(walk);
    model.catalog(request -> ScriptedModel.models(List.of("gpt-4o")));
    providers(walk);
    channels(walk);
    budgets(walk);
    walk.expect(202, "startResealing");
    walk.expect(200, "getResealing");
    walk.expect(200, "getStatus");
    tasksAndRuns(walk);
    schedules(walk);
    callbacks(walk);
    approvals(walk);
    notices(walk);
    triggers(walk);
    servlets(walk);
    tools(walk);
    olderClients(walk);
    walk.expect(200, "listAudit", "?limit=10&object=users", Map.of());
    walk.expect(204, "postEvent", "", Map.of("Authorization", "Bearer " + Observed.EVENTS_TOKEN));
    walk.at("task", TASK).expect(204, "deleteTask", "?force=true", Map.of());
    // This service has no OpenID provider; OidcSignOutTest has. Nor has it a mail server;
    // EmailChannelTest has. A stream goes on: OlderStreamTest.
    assertEquals(
        Set.of(
            "askRecipient",
            "askRecipient 200",
            "endSession 200",
            "openStream",
            "openStream 200",
            "postToStream",
            "postToStream 202"),
        walk.unseen());
  }

  private static void users(ApiWalk walk) {
    String link =
        walk.at("name", "grace").expect(201, "putUser").body().at("/invitation_url").asText();
    walk.expect(200, "putUser");
    walk.expect(200, "listUsers");
    walk.at("code", link.substring(link.lastIndexOf('/') + 1)).expect(303, "openInvitation");
    walk.expect(201, "acceptInvitation");
    String session = walk.expect(201, "signIn").body().at("/session").asText();
    Map<String, String> hers = Map.of("Authorization", "Bearer " + session);
    walk.expect(200, "listSessions");
    walk.expect(204, "putPassword", "", hers);
    walk.at("session", "current").expect(204, "endSession", "", hers);
    walk.expect(200, "resetPassword");
    walk.expect(204, "deleteUser");
  }

  private static void profiles(ApiWalk walk) {
    walk.at("profile", "reports").expect(201, "createProfile");
    walk.expect(200, "patchProfile");
    walk.expect(200, "getProfile");
    walk.expect(200, "listProfiles");
    walk.expect(200, "listPublicProfiles");
    walk.expect(204, "deleteProfile");
    walk.at("profile", "default");
  }

  private void members(ApiWalk walk) {
    OtherUser.named("ada", database);
    walk.at("member", "ada").expect(201, "putMember");
    walk.expect(200, "putMember");
    walk.expect(200, "listMembers");
    walk.expect(204, "deleteMember");
  }

  private static void tokens(ApiWalk walk) {
    walk.at("id", walk.expect(201, "createToken").body().path("id").asText());
    walk.expect(200, "listTokens");
    walk.expect(204, "deleteToken");
  }

  private void oauth(ApiWalk walk) {
    walk.at("client", TASK).expect(201, "putOAuthClient");
    walk.expect(200, "putOAuthClient");
    walk.expect(200, "getOAuthClientByHand");
    walk.expect(200, "listOAuthClients");
    walk.at("id", GrantedAccess.to(TASK, database)).expect(200, "listGrants");
    walk.expect(204, "deleteGrant");
    walk.expect(204, "deleteOAuthClient");
  }

  // The examples name hosts that a test can't reach.
  private String atHome(String body) {
    return body.replace("https://example.org/hook", receiver.url("/hook"))
        .replace(
            "\"model\":\"gpt-4o\"", "\"model\":\"gpt-4o\",\"base_url\":\"" + model.url() + "\"")
        .replace("admin/echo", "admin/" + TASK)
        .replace("\"echo\"", "\"" + TASK + "\"");
  }

  private static void providers(ApiWalk walk) {
    walk.at("provider", TASK);
    for (String kind : new String[] {"Provider", "ProfileProvider"}) {
      walk.expect(201, "put" + kind);
      walk.expect(200, "put" + kind);
      walk.expect(200, "get" + kind);
      walk.expect(200, "list" + kind + "s");
      walk.expect(200, "check" + kind);
      walk.expect(200, "list" + kind.replace("Provider", "Models"));
      walk.expect(204, "delete" + kind);
    }
  }

  private static void channels(ApiWalk walk) {
    walk.at("channel", "ops").expect(201, "putChannel");
    walk.expect(200, "putChannel");
    walk.expect(200, "getChannel");
    walk.expect(200, "listChannels");
    walk.expect(200, "testChannel");
    walk.expect(204, "deleteChannel");
  }

  private static void budgets(ApiWalk walk) {
    walk.at("name", TASK);
    for (String kind : new String[] {"Budget", "UserBudget"}) {
      walk.expect(201, "put" + kind);
      walk.expect(200, "put" + kind);
      walk.expect(200, "get" + kind);
      walk.expect(200, "list" + kind + "s");
      walk.expect(204, "delete" + kind);
    }
  }

  private static void tasksAndRuns(ApiWalk walk) {
    walk.expect(201, "putTask");
    walk.expect(200, "putTask");
    walk.expect(200, "getTask");
    walk.expect(200, "getTaskWatch");
    walk.expect(200, "patchTask");
    walk.expect(200, "putTask");
    walk.expect(200, "listTasks", "?limit=1000", Map.of());
    walk.expect(200, "previewTask");
    walk.at("run", "monday").expect(201, "putRun");
    walk.expect(200, "getRun", "?wait=60", Map.of());
    walk.expect(200, "putRun");
    walk.expect(200, "listRuns", "?status=ready,error&limit=10&include=results", Map.of());
    walk.expect(200, "listProfileRuns", "?status=ready,error&limit=10", Map.of());
    walk.expect(200, "watchRun");
    walk.at("number", "1").expect(200, "getEntryRequest");
    walk.expect(200, "cancelRun");
    walk.expect(200, "deleteRun");
    byte[] broken = "{\"parameters\":{\"url\":\"broken\"}}".getBytes(StandardCharsets.UTF_8);
    walk.at("run", "tuesday").expect(201, "putRun", "", Map.of(), broken);
    walk.expect(200, "getRun", "?wait=60", Map.of());
    walk.expect(202, "retryRun");
    walk.expect(200, "getRun", "?wait=60", Map.of());
    walk.expect(200, "getProfileUsage");
    walk.expect(200, "getTaskUsage");
  }

  private static void schedules(ApiWalk walk) {
    walk.at("schedule", "weekdays").expect(201, "putSchedule");
    walk.expect(200, "putSchedule");
    walk.expect(200, "getSchedule");
    walk.expect(200, "patchSchedule");
    walk.expect(200, "listSchedules");
    walk.expect(200, "resumeSchedule");
    walk.expect(201, "runSchedule");
    byte[] soon =
        "{\"every\":\"PT1S\",\"parameters\":{\"url\":\"x\"}}".getBytes(StandardCharsets.UTF_8);
    walk.at("schedule", "soon").expect(201, "putSchedule", "", Map.of(), soon);
    Eventually.await("a fire", () -> !walk.expect(200, "listFires").body().isEmpty());
    walk.at("at", "2026-11-25T22:57").expect(200, "explainFire");
    walk.at("at", "noon").expect(400, "explainFire");
    walk.expect(200, "getSchedule");
    walk.expect(204, "deleteSchedule");
  }

  private static void callbacks(ApiWalk walk) {
    walk.at("callback", walk.expect(200, "listCallbacks").body().at("/0/id").asText());
    Eventually.await(
        "an attempt",
        () -> !walk.expect(200, "listCallbackDeliveries").body().at("/0/attempts").isEmpty());
    String delivery = walk.expect(200, "listCallbackDeliveries").body().at("/0/id").asText();
    walk.at("delivery", delivery).expect(202, "redeliver");
    walk.expect(200, "enableCallback");
  }

  private static void approvals(ApiWalk walk) {
    byte[] rules =
        "{\"settings\":{\"approvals\":{\"*\":\"always\"}}}".getBytes(StandardCharsets.UTF_8);
    walk.expect(200, "patchTask", "", Map.of(), rules);
    byte[] asking = "{\"parameters\":{\"url\":\"asking\"}}".getBytes(StandardCharsets.UTF_8);
    walk.at("run", "asking").expect(201, "putRun", "", Map.of(), asking);
    Eventually.await(
        "a call that waits",
        () -> walk.expect(200, "getRun").body().path("waiting_for").has("approvals"));
    String id =
        walk.expect(200, "listApprovals", "?status=open", Map.of()).body().at("/0/id").asText();
    walk.at("approval", id).expect(200, "getApproval");
    walk.expect(200, "decideApproval");
    walk.expect(409, "decideApproval");
    walk.expect(200, "getRun", "?wait=60", Map.of());
    byte[] none = "{\"settings\":{\"approvals\":null}}".getBytes(StandardCharsets.UTF_8);
    walk.expect(200, "patchTask", "", Map.of(), none);
  }

  private static void notices(ApiWalk walk) {
    walk.at("channel", "team").expect(201, "putChannel");
    walk.at("name", "walked").expect(201, "putNotice");
    walk.expect(200, "putNotice");
    walk.expect(200, "getNotice");
    walk.expect(200, "listNotices");
    byte[] broken = "{\"parameters\":{\"url\":\"broken\"}}".getBytes(StandardCharsets.UTF_8);
    walk.at("run", "thursday").expect(201, "putRun", "", Map.of(), broken);
    walk.expect(200, "getRun", "?wait=60", Map.of());
    Eventually.await(
        "a delivery", () -> !walk.expect(200, "listNoticeDeliveries").body().isEmpty());
    String delivery = walk.expect(200, "listNoticeDeliveries").body().at("/0/id").asText();
    walk.at("delivery", delivery).expect(202, "redeliverNotice");
    walk.expect(204, "deleteNotice");
    walk.expect(204, "deleteChannel");
  }

  private static void triggers(ApiWalk walk) {
    walk.at("name", "issues").expect(201, "createTrigger");
    walk.expect(200, "putTrigger");
    walk.at("name", "others").expect(201, "putTrigger");
    walk.expect(200, "getTrigger");
    walk.expect(200, "listTriggers");
    String url = walk.expect(200, "getSignedUrl").body().path("url").asText();
    walk.at("token", url.substring(url.lastIndexOf('/') + 1)).expect(202, "postDelivery");
    walk.expect(200, "postDelivery", "?wait=60", Map.of("run-id", "waited-for"));
    byte[] nothing = "{\"scheme\": \"url\", \"when\": \"false\"}".getBytes(StandardCharsets.UTF_8);
    String filtered =
        walk.at("name", "filtered")
            .expect(201, "putTrigger", "", Map.of(), nothing)
            .body()
            .path("url")
            .asText();
    walk.at("token", filtered.substring(filtered.lastIndexOf('/') + 1)).expect(200, "postDelivery");
    String delivery =
        walk.at("name", "signed").expect(200, "listDeliveries").body().at("/0/id").asText();
    walk.at("delivery", delivery).expect(202, "replayDelivery");
    walk.expect(204, "deleteTrigger");
  }

  private static void servlets(ApiWalk walk) {
    byte[] echo = Servlets.variant("c_echo", "one");
    byte[] other = Servlets.variant("c_echo", "other");
    walk.at("owner", "~").at("name", TASK);
    walk.expect(201, "publishServlet", "?visibility=public", Map.of(), echo);
    walk.expect(200, "publishServlet", "?visibility=public", Map.of(), other);
    walk.expect(200, "getServlet");
    walk.expect(200, "searchServlets", "?q=" + TASK, Map.of());
    walk.at("address", Servlets.address(other)).expect(200, "yankVersion");
    walk.expect(200, "unyankVersion");
    String tag = walk.expect(200, "getContent").header("ETag");
    walk.expect(304, "getContent", "", Map.of("If-None-Match", tag));
  }

  private static void tools(ApiWalk walk) {
    walk.expect(201, "install");
    walk.expect(200, "getInstallation");
    walk.expect(200, "putInstallation");
    walk.expect(200, "patchInstallation");
    walk.expect(200, "previewApprovals");
    Eventually.await(
        "a list that has not changed for a second",
        () -> {
          String last = walk.expect(200, "listInstallations").header("Last-Modified");
          return last.isEmpty() || isKnown(walk, last);
        });
    walk.at("name", "calc").at("tool", "calculate").expect(200, "callTool");
    walk.at("name", TASK).expect(204, "uninstall");
    walk.at("name", TASK).expect(204, "deleteServlet");
    remote(walk);
  }

  private static void remote(ApiWalk walk) {
    try (ScriptedMcp server = new ScriptedMcp().tools(ScriptedMcp.tool("a", "Before"))) {
      String body = "{\"name\": \"%s\", \"mcp\": {\"url\": \"%s\"}}".formatted(TASK, server.url());
      walk.expect(201, "install", "", Map.of(), body.getBytes(StandardCharsets.UTF_8));
      server.tools(ScriptedMcp.tool("a", "After"));
      String digest =
          walk.at("name", TASK)
              .expect(200, "refreshInstallation")
              .body()
              .at("/mcp/change/digest")
              .asText();
      byte[] accepted = "{\"digest\": \"%s\"}".formatted(digest).getBytes(StandardCharsets.UTF_8);
      walk.expect(200, "acceptInstallation", "", Map.of(), accepted);
      walk.expect(204, "uninstall");
    }
    connected(walk);
  }

  private static void connected(ApiWalk walk) {
    try (ScriptedIssuer issuer = new ScriptedIssuer();
        ScriptedMcp server = new ScriptedMcp().guarded(issuer)) {
      String body =
          "{\"name\": \"%s\", \"mcp\": {\"url\": \"%s\", \"auth\": \"oauth\"}}"
              .formatted(TASK, server.url());
      walk.expect(201, "install", "", Map.of(), body.getBytes(StandardCharsets.UTF_8));
      issuer.metadata(node -> node.put("authorization_endpoint", "http://127.0.0.1:1/authorize"));
      walk.at("name", TASK).expect(200, "connectInstallation");
      walk.expect(200, "confirmConnection");
      walk.expect(303, "confirmConnection", "?site=http%3A%2F%2F127.0.0.1%3A1", Map.of());
      walk.expect(204, "disconnectInstallation");
      walk.expect(204, "uninstall");
    }
  }

  private static boolean isKnown(ApiWalk walk, String since) {
    int status = api().header("If-Modified-Since", since).get(INSTALLATIONS).statusCode();
    if (status != 304) {
      return false;
    }
    walk.expect(304, "listInstallations", "", Map.of("If-Modified-Since", since));
    return true;
  }

  private static void olderClients(ApiWalk walk) {
    walk.at("run", "monday");
    walk.expect(200, "listTasksOfUser");
    walk.expect(200, "listMyTasks");
    walk.expect(200, "getOlderTask");
    walk.expect(200, "listOlderRuns");
    walk.expect(200, "getOlderRun");
    walk.at("task", TASK + "-older").expect(201, "putOlderTask");
    walk.expect(200, "putOlderTask");
  }
}
