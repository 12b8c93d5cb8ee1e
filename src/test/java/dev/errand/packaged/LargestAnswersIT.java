package dev.errand.packaged;

import static dev.errand.support.Api.api;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.adapters.console.EveryPage;
import dev.errand.docs.HeldBytes;
import dev.errand.openapi.ApiDocument;
import dev.errand.openapi.ApiDocument.Operation;
import dev.errand.support.Api;
import dev.errand.support.Chat;
import dev.errand.support.Eventually;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.Servlets;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A process with a small heap answers every {@code GET} of the API and every page, however large
 * the rows are that it shows: each one alone, dozens at once, and while other clients read nothing
 * of their answers.
 */
class LargestAnswersIT {
  private static final List<String> SMALL_HEAP =
      List.of(
          "-Xmx256m",
          "-Xms32m",
          "-XX:-DontCompileHugeMethods",
          "-XX:+ExitOnOutOfMemoryError",
          "-XX:+UseSerialGC");
  private static final String PROFILE = "/api/profiles/~/shown";
  private static final String OWNED = "/api/profiles/admin/shown";
  private static final String HOME = "/console/admin/shown";
  private static final String READER = "reader";
  private static final int AT_ONCE = Integer.getInteger("largest.at-once", 24);
  private static final int ROUNDS = Integer.getInteger("largest.rounds", 2);

  /** Whether each page is read by all clients at the same time, too, which takes long. */
  private static final boolean SAME = Boolean.getBoolean("largest.same");

  private static final int STALLED = 24;
  // The number of the last entry of the long run.
  private static final int LAST = 1 + 3 * LargestRows.TURNS;

  /** What stands for the parameters of paths, and for those of some operations alone. */
  private static final Map<String, String> VALUES =
      new HashMap<>(
          Map.ofEntries(
              Map.entry("user", "admin"),
              Map.entry("profile", "shown"),
              Map.entry("task", "task-0"),
              Map.entry("run", "one"),
              Map.entry("number", "31"),
              Map.entry("schedule", "daily"),
              Map.entry("at", "2026-11-30T09:30:00Z"),
              Map.entry("trigger", "issues"),
              Map.entry("channel", "team"),
              Map.entry("provider", "models"),
              Map.entry("client", "large-2"),
              Map.entry("owner", "admin"),
              Map.entry("code", "none")));

  private static final Map<String, String> NAMES =
      Map.of(
          "/installations/", "large-1",
          "/budgets/", "large-1",
          "/notices/", "told",
          "/triggers/", "signed",
          "/servlets/", "large-1");

  /** Queries of the operations that can hold more by one. */
  private static final Map<String, List<String>> QUERIES =
      Map.ofEntries(
          Map.entry(
              "listRuns", List.of("?limit=500", "?limit=500&include=results", "?include=output")),
          Map.entry(
              "listProfileRuns",
              List.of("?limit=500", "?text=answer", "?limit=500&include=output")),
          Map.entry("listApprovals", List.of("?limit=200", "?status=open&limit=200")),
          Map.entry("getRun", List.of("?include=raw", "?wait=1")),
          Map.entry("searchServlets", List.of("?limit=100")),
          Map.entry("getProfileUsage", List.of("?from=FROM")),
          Map.entry("getTaskUsage", List.of("?from=FROM")),
          Map.entry("watchRun", List.of("?last_event_id=100")));

  /** Those that answer otherwise here: there is no such thing, or a viewer may not do it. */
  private static final Map<String, Set<Integer>> OTHERWISE =
      Map.of(
          "getOAuthClient", Set.of(404),
          "openInvitation", Set.of(303, 404),
          "connectInstallation", Set.of(403, 404),
          "openStream", Set.of(401));

  /** Those that only an admin may see. */
  private static final Set<String> OF_ADMINS =
      Set.of(
          "getResealing",
          "getStatus",
          "listAudit",
          "listUsers",
          "listUserBudgets",
          "getUserBudget",
          "listOAuthClients",
          "listProfileModels",
          "getTrigger",
          "getOAuthClientByHand");

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

  @TempDir static Path folder;

  private static Databases databases;
  private static Map<String, String> environment;
  private static ScriptedModel model;
  private static Packaged service;
  private static OtherUser reader;
  private static String delivery;

  /**
   * A request.
   *
   * @param what the operation or the page, as a row of the table names it
   * @param statuses the accepted statuses
   */
  private record Asked(
      String what, String path, String accept, boolean byAdmin, Set<Integer> statuses) {
    @Override
    public String toString() {
      return what + " (" + path + ", " + accept + ")";
    }
  }

  /** What a request was answered with; status 0 where it was not. */
  private record Got(int status, long bytes, String problem) {}

  @BeforeAll
  static void fill() throws Exception {
    databases = new Databases(folder);
    environment = databases.create("largest");
    model = new ScriptedModel();
    model.catalog(
        request ->
            ScriptedModel.models(
                IntStream.range(0, 1000).mapToObj(i -> "m".repeat(250) + i).toList()));
    service = start();
    EveryPage.fill(PROFILE, model);
    String url =
        api().post("/api/tasks/~/shown/task-0/signed").then().statusCode(200).extract().path("url");
    given()
        .urlEncodingEnabled(false)
        .contentType("application/json")
        .body(Map.of("url", "A line of a delivery.\n".repeat(10_000)))
        .post(url)
        .then()
        .statusCode(202);
    Servlets.publish("~/published", "visibility=public", Servlets.wasm("c_echo"))
        .then()
        .statusCode(201);
    VALUES.put("address", Servlets.address(Servlets.wasm("c_echo")));
    try (Connection connection = databases.connect("largest")) {
      PGSimpleDataSource own = new PGSimpleDataSource();
      own.setURL(environment.get("QUARKUS_DATASOURCE_JDBC_URL"));
      own.setUser(environment.get("QUARKUS_DATASOURCE_USERNAME"));
      own.setPassword(environment.get("QUARKUS_DATASOURCE_PASSWORD"));
      reader = OtherUser.named(READER, own);
      OtherUser.named("small", own);
      api()
          .body(Map.of("role", "viewer"))
          .put(PROFILE + "/members/" + READER)
          .then()
          .statusCode(201);
      Map<String, Object> provider =
          Map.of(
              "runner",
              "openai",
              "openai",
              Map.of("model", "gpt-4o", "base_url", model.url()),
              "settings",
              Map.of("key", "sk-a-key-for-tests-1234"));
      reader.api().body(provider).put("/api/users/~/providers/models").then().statusCode(201);
      api().body(provider).put(PROFILE + "/providers/models").then().statusCode(201);
      for (int i = 1; i < 20; i++) {
        api()
            .body(Map.of("kind", "ntfy", "url", "http://127.0.0.1:9/" + "t".repeat(64)))
            .put(PROFILE + "/channels/large-" + i)
            .then()
            .statusCode(201);
      }
      new LargestRows(connection, READER).write();
    }
    VALUES.put("approval", databases.one("largest", "SELECT id FROM approval LIMIT 1"));
    VALUES.put(
        "callback",
        databases.one(
            "largest",
            "SELECT callback_id FROM callback_delivery WHERE callback_id IS NOT NULL LIMIT 1"));
    delivery =
        databases.one(
            "largest",
            """
            SELECT delivery.id FROM trigger_delivery AS delivery
              JOIN task_trigger ON task_trigger.id = delivery.trigger_id
            WHERE task_trigger.name = 'signed' AND delivery.content_sealed IS NOT NULL LIMIT 1
            """);
  }

  @AfterAll
  static void stop() {
    RestAssured.reset();
    service.close();
    model.close();
    databases.close();
  }

  @Test
  void everyAnswerIsBounded() throws Exception {
    List<Asked> asked = all();
    Map<String, String> wrong = new TreeMap<>();
    for (Asked request : asked) {
      Got got = got(request);
      check(request, got, false, wrong);
      if (got.status() == 0 && hasEnded()) {
        wrong.put(request.toString(), "ended the process");
        service = start();
      }
    }
    report(wrong);
    chats(wrong);
    report(wrong);
    atOnce(asked, wrong);
    report(wrong);
  }

  private static void report(Map<String, String> wrong) {
    assertEquals(
        Map.of(),
        wrong,
        () -> String.join("\n", wrong.entrySet().stream().map(Object::toString).toList()));
  }

  /** Whether the process has ended, or ends: it may close its connections a moment before. */
  private static boolean hasEnded() {
    Eventually.await(
        "a process that answers or has ended",
        () -> !service.isAlive() || service.health("live") == 200);
    return !service.isAlive();
  }

  private static Packaged start() throws IOException {
    Packaged started = Packaged.start("largest", SMALL_HEAP, environment).awaitReady();
    RestAssured.port = started.port();
    return started;
  }

  /** The requests of the document, and those of pages. */
  private static List<Asked> all() {
    List<Asked> all = new ArrayList<>();
    ApiDocument document = ApiDocument.approved();
    for (Operation operation : document.operations()) {
      if (!operation.method().equals("GET")) {
        continue;
      }
      List<String> queries = new ArrayList<>(List.of(""));
      queries.addAll(QUERIES.getOrDefault(operation.id(), List.of()));
      if (document.parameters(operation, "query").contains("limit")
          && !QUERIES.containsKey(operation.id())) {
        queries.add("?limit=1000");
      }
      for (String query : queries) {
        String path =
            path(document, operation)
                + query.replace(
                    "FROM",
                    java.time.LocalDate.now(java.time.ZoneOffset.UTC).minusDays(365).toString());
        List<String> types = new ArrayList<>();
        document.response(operation, 200).path("content").fieldNames().forEachRemaining(types::add);
        for (String type : types.isEmpty() ? List.of("*/*") : types) {
          all.add(
              new Asked(
                  operation.id(),
                  path,
                  type,
                  OF_ADMINS.contains(operation.id()),
                  OTHERWISE.getOrDefault(operation.id(), Set.of(200))));
        }
      }
    }
    for (String page : pages()) {
      boolean byAdmin =
          page.startsWith("/settings/users")
              || page.startsWith("/settings/audit")
              || page.startsWith("/settings/service")
              // What only those may do who may change things.
              || page.contains("edit")
              || page.contains("/new-")
              || page.contains("install")
              || page.contains("publish")
              || page.startsWith("/settings/pro")
              || page.startsWith("/settings/members")
              || page.endsWith("/choice")
              || (page.endsWith("/approvals") && page.startsWith("/tools"));
      all.add(new Asked("pages", HOME + page, "text/html", byAdmin, Set.of(200)));
    }
    String run = HOME + "/tasks/task-0/runs/one";
    for (String file :
        List.of(
            "/events",
            "?q=answer",
            "?show=failed",
            "?from=newest",
            "?from=100",
            "/entries/LAST/entry.json",
            "/entries/LAST/text.txt",
            "/entries/61/entry.json",
            "/entries/LAST",
            "/entries/61",
            "/entries/4/request.json",
            "/entries/LAST/request.json",
            "/entries/LAST/request.sh")) {
      // The conversation before the last entry is too large to be built into a request.
      Set<Integer> statuses = file.startsWith("/entries/LAST/request") ? Set.of(413) : Set.of(200);
      all.add(
          new Asked(
              file.contains(".") || file.equals("/events") ? "files" : "pages",
              run + file.replace("LAST", Integer.toString(LAST)),
              "*/*",
              false,
              statuses));
    }
    all.add(new Asked("files", HOME + "/usage.csv?from=2026-01-01", "*/*", false, Set.of(200)));
    all.add(
        new Asked(
            "files",
            HOME + "/approvals/" + VALUES.get("approval") + "/arguments",
            "*/*",
            false,
            Set.of(200)));
    String received = HOME + "/tasks/task-0/triggers/signed/deliveries/" + delivery;
    all.add(new Asked("pages", received, "*/*", true, Set.of(200)));
    all.add(new Asked("pages", received + "/body", "*/*", true, Set.of(200)));
    return all;
  }

  private static List<String> pages() {
    List<String> pages = new ArrayList<>(EveryPage.ADDRESSES);
    pages.add("/tasks/large-1");
    pages.add("/tasks/task-0/runs/large-1");
    pages.add("/tools/large-1");
    pages.add("/tools/large-1/approvals");
    pages.add("/tools/large-1/choice");
    pages.add("/servlets/admin/large-1");
    pages.add("/approvals/" + VALUES.get("approval"));
    pages.add("/tasks/task-0/triggers/signed");
    pages.add("/runs?text=answer");
    return pages;
  }

  private static String path(ApiDocument document, Operation operation) {
    String path = operation.path();
    for (String name : document.parameters(operation, "path")) {
      String value = VALUES.get(name);
      if (name.equals("name")) {
        value =
            NAMES.entrySet().stream()
                .filter(entry -> operation.path().contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
      }
      if (value == null) {
        throw new AssertionError(
            operation + " is new: say here what " + name + " is, and fill what it shows.");
      }
      // The reader's own.
      if (name.equals("user") && operation.path().equals("/api/tasks/{user}")) {
        value = READER;
      }
      path = path.replace("{" + name + "}", value);
    }
    return path.replace("/{user}", "/admin");
  }

  private static void check(Asked asked, Got got, boolean mayWait, Map<String, String> wrong) {
    boolean isBusy = mayWait && (got.status() == 503 || got.status() == 429);
    if (!isBusy && !asked.statuses().contains(got.status())) {
      wrong.put(asked.toString(), "was answered " + got.status() + " " + got.problem());
    }
    long most = HeldBytes.documented().answer(asked.what());
    if (got.bytes() > most) {
      wrong.put(asked.toString(), "has " + got.bytes() + " bytes, more than " + most);
    }
  }

  private static Got got(Asked asked) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + asked.path()))
            .timeout(Duration.ofMinutes(2))
            .header("Accept", asked.accept())
            .header("Cookie", "sessionId=" + (asked.byAdmin() ? Api.SESSION : reader.session()));
    long start = System.nanoTime();
    long bytes = 0;
    int status = 0;
    String problem = "";
    try {
      HttpResponse<InputStream> response =
          CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      status = response.statusCode();
      try (InputStream body = response.body()) {
        byte[] buffer = new byte[64 * 1024];
        int read;
        while ((read = body.read(buffer)) >= 0) {
          if (status >= 400 && bytes < 2000) {
            problem += new String(buffer, 0, Math.min(read, 500), StandardCharsets.UTF_8);
          }
          bytes += read;
        }
      }
    } catch (IOException e) {
      status = 0;
      problem = e.toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (Boolean.getBoolean("largest.print")) {
      System.out.printf(
          "%4d %10d bytes %6d ms %s %s%n",
          status, bytes, (System.nanoTime() - start) / 1_000_000, asked, problem);
    }
    return new Got(status, bytes, problem);
  }

  /** What programs list and get by the Model Context Protocol. */
  private static void chats(Map<String, String> wrong) {
    Chat chat = new Chat(reader.session(), "/mcp/admin/shown", Map.of());
    chatted(wrong, "tools/list", chat.send("tools/list", Map.of()));
    chatted(wrong, "tasks/get", chat.withTasks().send("tasks/get", Map.of("taskId", "task-0/one")));
    for (String tool : List.of("list_tasks", "list_runs", "get_run")) {
      Map<String, Object> arguments =
          switch (tool) {
            case "list_runs" -> Map.of("task", "task-0", "limit", 50);
            case "get_run" -> Map.of("task", "task-0", "run", "one");
            default -> Map.of();
          };
      chatted(wrong, tool, chat.send("tools/call", Map.of("name", tool, "arguments", arguments)));
    }
  }

  private static void chatted(Map<String, String> wrong, String what, Response answer) {
    long most = HeldBytes.documented().answer("mcp");
    int bytes = answer.asByteArray().length;
    if (Boolean.getBoolean("largest.print")) {
      System.out.println(answer.statusCode() + " " + bytes + " bytes " + what);
    }
    if (answer.statusCode() != 200 || bytes > most) {
      wrong.put("mcp " + what, "was answered " + answer.statusCode() + " with " + bytes + " bytes");
    }
  }

  private static void atOnce(List<Asked> asked, Map<String, String> wrong) throws Exception {
    List<Asked> shuffled = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      shuffled.addAll(asked);
    }
    Collections.shuffle(shuffled, new Random(7));
    // The largest ones by all at the same time, too.
    for (Asked each : asked) {
      if (Set.of("getRun", "listTasks", "listInstallations", "getEntryRequest")
          .contains(each.what())) {
        shuffled.addAll(Collections.nCopies(AT_ONCE / 3, each));
      }
    }
    if (SAME) {
      asked.stream()
          .filter(each -> each.what().equals("pages"))
          .forEach(each -> shuffled.addAll(Collections.nCopies(AT_ONCE, each)));
    }
    // The page that shows the most schedules.
    Asked calendar = new Asked("pages", HOME + "/calendar", "text/html", false, Set.of(200));
    shuffled.addAll(Collections.nCopies(2 * AT_ONCE, calendar));
    Queue<Asked> left = new ConcurrentLinkedQueue<>(shuffled);
    List<Socket> stalled = new ArrayList<>();
    try (ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE + 1)) {
      for (int i = 0; i < STALLED; i++) {
        stalled.add(
            stalled(
                OWNED
                    + "/tasks/task-0/runs/one"
                    + (i % 2 == 0 ? "/events" : i % 3 == 0 ? "" : "?include=raw")));
      }
      List<Future<Map<String, String>>> done = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        done.add(
            clients.submit(
                () -> {
                  Map<String, String> seen = new TreeMap<>();
                  Asked next = left.poll();
                  while (next != null && service.isAlive()) {
                    check(next, got(next), true, seen);
                    next = left.poll();
                  }
                  return seen;
                }));
      }
      Future<?> other =
          clients.submit(
              () -> {
                OtherUser small = new OtherUser("the-session-of-small-in-tests-is-long-enough");
                do {
                  small.api().get("/api/users/~").then().statusCode(200);
                } while (!done.stream().allMatch(Future::isDone));
              });
      for (Future<Map<String, String>> each : done) {
        wrong.putAll(each.get());
      }
      other.get();
    } finally {
      for (Socket socket : stalled) {
        socket.close();
      }
    }
    assertTrue(service.isAlive(), () -> "The process has ended: " + wrong);
  }

  /** A client that asks and reads nothing. */
  private static Socket stalled(String path) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(
        new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), service.port()));
    socket
        .getOutputStream()
        .write(
            "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionId=%s\r\n\r\n"
                .formatted(path, reader.session())
                .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }
}
