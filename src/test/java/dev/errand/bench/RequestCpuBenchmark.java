package dev.errand.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Api;
import dev.errand.support.BenchmarkSize;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prints the CPU time that each operation of the API takes with the worst input that it accepts: on
 * the threads that serve all requests, where it holds up others, and on those of {@link
 * dev.errand.base.turn.FairPool}. Each operation of the document has an input, or is named among
 * those whose work does not depend on one. {@code ./mvnw package -DskipTests}, then {@code ./mvnw
 * test -Pbench -Dtest=RequestCpuBenchmark}.
 */
@EnabledOnOs(OS.LINUX)
class RequestCpuBenchmark {
  private static final int TIMES = BenchmarkSize.of("errand.bench.times", 15, 1);
  private static final int MOST_MS = 50;
  private static final String DEFAULT = "/api/profiles/~/default";
  private static final String TASK = DEFAULT + "/tasks/task";
  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final Pattern OPERATION = Pattern.compile("(?m)^ {6}operationId: (\\S+)$");
  private static final Pattern SERVES =
      Pattern.compile("ForkJoinPool-.*|vert\\.x-.*|executor-.*|virtual-.*");
  private static final Pattern COMPUTES = Pattern.compile("errand-.*");

  /**
   * Operations that read or change a bounded number of rows by names of a few characters, pass on
   * what a peer answers, or have a body of few short fields.
   */
  private static final Set<String> SMALL =
      Set.of(
          ("getResealing startResealing getStatus listGrants deleteGrant openInvitation openStream"
                  + " makeStreamAddress listOAuthClients getOAuthClientByHand putOAuthClient"
                  + " deleteOAuthClient listPublicProfiles listProfiles getProfile createProfile"
                  + " patchProfile deleteProfile getApproval listChannels getChannel putChannel"
                  + " deleteChannel askRecipient testChannel listInstallations getInstallation"
                  + " uninstall acceptInstallation connectInstallation disconnectInstallation"
                  + " confirmConnection refreshInstallation listMembers putMember deleteMember"
                  + " listNotices getNotice putNotice deleteNotice listNoticeDeliveries"
                  + " listBudgets getBudget putBudget deleteBudget listUserBudgets getUserBudget"
                  + " putUserBudget deleteUserBudget"
                  + " redeliverNotice getPause pauseProfile unpauseProfile listProfileProviders"
                  + " getProfileProvider putProfileProvider deleteProfileProvider checkProfileProvider"
                  + " listProfileModels deleteTask listCallbacks listCallbackDeliveries redeliver"
                  + " enableCallback deleteRun cancelRun getSchedule deleteSchedule resumeSchedule"
                  + " listTriggers getTrigger deleteTrigger listDeliveries getTaskWatch getServlet"
                  + " deleteServlet yankVersion unyankVersion listSessions endSession getSignedUrl"
                  + " listTokens createToken deleteToken listUsers putUser deleteUser getMe"
                  + " listProviders getProvider putProvider deleteProvider checkProvider listModels"
                  + " postEvent getContent getEntryRequest listAudit")
              .split(" "));

  /** Operations whose passwords have threads of their own, and what shares its way with others. */
  private static final Map<String, String> AS_ANOTHER =
      Map.ofEntries(
          Map.entry("acceptInvitation", "PasswordHasher"),
          Map.entry("signIn", "PasswordHasher"),
          Map.entry("resetPassword", "PasswordHasher"),
          Map.entry("putPassword", "PasswordHasher"),
          Map.entry("publishServlet", "WasmCompiler, on threads of its own"),
          Map.entry("postToStream", "sendMcpMessage"),
          Map.entry("sendMcpMessageToProfile", "sendMcpMessage"),
          Map.entry("install", "patchInstallation"),
          Map.entry("putInstallation", "patchInstallation"),
          Map.entry("decideApproval", "EditedArguments, as the schema of a task"),
          Map.entry("createTrigger", "putTrigger"),
          Map.entry("replayDelivery", "putRun"),
          Map.entry("runSchedule", "putRun"),
          Map.entry("patchSchedule", "putSchedule"),
          Map.entry("retryRun", "previewTask"),
          Map.entry("watchRun", "getRun"),
          Map.entry("listOlderRuns", "listRuns"),
          Map.entry("getOlderRun", "getRun"),
          Map.entry("listTasksOfUser", "listTasks"),
          Map.entry("listMyTasks", "listTasks"),
          Map.entry("getOlderTask", "getTask"),
          Map.entry("listApprovals", "listRuns"));

  @TempDir static Path folder;

  /** A request with the worst input that its operation accepts. */
  private record Worst(String operation, String method, String path, IntFunction<String> body) {
    static Worst of(String operation, String method, String path) {
      return new Worst(operation, method, path, _ -> "");
    }

    HttpRequest request(int port, int number) {
      String sent = body.apply(number);
      return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path.formatted(number)))
          .timeout(LONGEST)
          .header("Cookie", "sessionId=" + Api.SESSION)
          .header("Content-Type", "application/json")
          .header("Accept", "application/json, text/event-stream, text/csv;q=0.5")
          .method(
              method,
              sent.isEmpty()
                  ? HttpRequest.BodyPublishers.noBody()
                  : HttpRequest.BodyPublishers.ofString(sent))
          .build();
    }
  }

  /** The least CPU time of several requests, in ms. */
  private record Cost(Worst of, int status, double serving, double computing) {}

  @Test
  void everyOperationHasAnInput() throws IOException {
    Set<String> known = new TreeSet<>(SMALL);
    known.addAll(AS_ANOTHER.keySet());
    worst("http://localhost/v1", "/hooks/none").forEach(each -> known.add(each.operation));
    Set<String> documented =
        OPERATION
            .matcher(Files.readString(Path.of("src", "docs", "openapi.yaml")))
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(documented, known);
  }

  @Test
  void cpuTimeOfEachOperation() throws Exception {
    Builds.measure(
        folder,
        List.of("-Xmx512m"),
        // Else the parameters of so many runs would be too many.
        Map.of("ERRAND_SCHEDULE_PER_TASK", "1000"),
        RequestCpuBenchmark::measure);
  }

  private static void measure(String name, MeasuredServer server, Connection connection)
      throws Exception {
    try (HeldCalls model = new HeldCalls();
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      String hook = prepare(server, client, connection, model.url());
      List<Cost> costs = new ArrayList<>();
      for (Worst worst : worst(model.url(), hook)) {
        costs.add(cost(server, client, worst));
      }
      costs.sort(Comparator.comparingDouble(Cost::serving).reversed());
      System.out.printf("%s: load %s%n", name, MeasuredServer.load());
      System.out.printf("%s: | operation | status | serving | computing |%n", name);
      for (Cost cost : costs) {
        System.out.printf(
            "%s: | %s | %d | %.0f ms%s | %.0f ms |%n",
            name,
            cost.of.operation,
            cost.status,
            cost.serving,
            cost.serving > MOST_MS ? " (more than " + MOST_MS + ")" : "",
            cost.computing);
      }
    }
  }

  private static Cost cost(MeasuredServer server, HttpClient client, Worst worst)
      throws IOException, InterruptedException {
    int status = 0;
    double serving = Double.MAX_VALUE;
    double computing = Double.MAX_VALUE;
    for (int i = 0; i < TIMES; i++) {
      HttpRequest request = worst.request(server.port(), i);
      double servingBefore = server.cpuMillisOf(SERVES);
      double computingBefore = server.cpuMillisOf(COMPUTES);
      HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      status = answer.statusCode();
      assertTrue(
          status < 400,
          () ->
              "%s: %d %s"
                  .formatted(
                      worst.operation,
                      answer.statusCode(),
                      new String(answer.body(), StandardCharsets.UTF_8)));
      serving = Math.min(serving, server.cpuMillisOf(SERVES) - servingBefore);
      computing = Math.min(computing, server.cpuMillisOf(COMPUTES) - computingBefore);
    }
    return new Cost(worst, status, serving, computing);
  }

  /** Makes what the requests are about; returns the path of the trigger. */
  private static String prepare(
      MeasuredServer server, HttpClient client, Connection connection, String model)
      throws Exception {
    send(
        server,
        client,
        "PUT",
        TASK,
        task(model, "{{ #list }}{{ #list }}{{ x }}{{ /list }}{{ /list }}", ""));
    send(server, client, "PUT", TASK + "/runs/one?wait=60", "{\"parameters\": {\"list\": []}}");
    String trigger =
        send(
            server,
            client,
            "PUT",
            TASK + "/triggers/hook",
            """
            {"scheme": "url", "max_body_bytes": 1048576, "rate_per_minute": 60000,
             "when": "payload.list.all(a, payload.list.all(b, a == b)) && false"}\
            """);
    run(
        connection,
        """
        INSERT INTO run_entry (run_id, seq, entry)
        SELECT run.id, number, '{"msg":"call tool request","time":1737011633610,"level":30,"params":{"name":"calc_calculate","arguments":{"list":%s}},"tool_call_id":"c' || number || '"}'
        FROM run CROSS JOIN generate_series(100, 2100) AS number WHERE run.name = 'one'\
        """
            .formatted(list(300)));
    run(
        connection,
        """
        INSERT INTO run OVERRIDING SYSTEM VALUE
        SELECT (jsonb_populate_record(run, jsonb_build_object('id', 1000000 + number, 'name', 'r' || number,
          'output', (SELECT string_agg(md5(number || '-' || line), ' ') FROM generate_series(1, 1000) AS line)))).*
        FROM run CROSS JOIN generate_series(1, 1000) AS number WHERE run.name = 'one'\
        """);
    return "/hooks/" + trigger.replaceAll("(?s).*/hooks/([^\"]+)\".*", "$1");
  }

  private static String send(
      MeasuredServer server, HttpClient client, String method, String path, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(
            new Worst("", method, path.replace("%", "%%"), _ -> body).request(server.port(), 0),
            HttpResponse.BodyHandlers.ofString());
    assertTrue(answer.statusCode() < 300, () -> path + ": " + answer.statusCode() + answer.body());
    return answer.body();
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String list(int items) {
    return joined(items, _ -> "1", "[", "]");
  }

  private static String joined(int items, IntFunction<String> item, String begin, String end) {
    return IntStream.range(0, items).mapToObj(item).collect(Collectors.joining(",", begin, end));
  }

  private static String task(String model, String prompt, String settings) {
    return """
    {"runner": "openai", "openai": {"prompt": "%s", "model": "gpt-4o", "base_url": "%s"},
     "settings": {"key": "sk-a-key-for-tests-1234"%s}}\
    """
        .formatted(prompt, model, settings);
  }

  // Of almost 64 KB; the number makes it another one.
  private static String schema(int number) {
    return "{\"title\": \"%d\", \"properties\": %s}"
        .formatted(
            number,
            joined(1600, i -> "\"p" + i + "\": {\"type\": [\"string\", \"null\"]}", "{", "}"));
  }

  // Of almost 4,000 characters.
  private static String condition(String variable, int number) {
    return IntStream.range(0, 120)
        .mapToObj(i -> variable + ".a" + i + " == " + number)
        .collect(Collectors.joining(" || "));
  }

  private static String rules(int number) {
    return joined(
        8,
        i -> "\"t" + i + "\": {\"when\": \"" + condition("arguments", 100 * number + i) + "\"}",
        "{",
        "}");
  }

  private static String settings(int number) {
    return ", \"output_schema\": %s, \"approvals\": %s".formatted(schema(number), rules(number));
  }

  private static List<Worst> worst(String model, String hook) {
    String parameters = "{\"parameters\": {\"list\": " + list(400) + "}}";
    return List.of(
        new Worst(
            "putTask",
            "PUT",
            DEFAULT + "/tasks/put-%d",
            i -> task(model, "x".repeat(200_000), settings(i))),
        new Worst(
            "patchTask",
            "PATCH",
            DEFAULT + "/tasks/put-0",
            i -> "{\"settings\": {" + settings(1000 + i).substring(2) + "}}"),
        new Worst(
            "putOlderTask",
            "PUT",
            "/api/tasks/~/default/older-%d",
            i -> task(model, "x".repeat(200_000), settings(2000 + i))),
        new Worst("previewTask", "POST", TASK + "/preview", _ -> parameters),
        new Worst("putRun", "PUT", TASK + "/runs/put-%d", _ -> parameters),
        new Worst(
            "putSchedule",
            "PUT",
            TASK + "/schedules/s%d",
            _ -> "{\"cron\": \"0 0 29 2 1\", \"parameters\": {\"list\": " + list(400) + "}}"),
        Worst.of("listSchedules", "GET", TASK + "/schedules?limit=1000"),
        Worst.of("listFires", "GET", TASK + "/schedules/s0/fires"),
        Worst.of("explainFire", "GET", TASK + "/schedules/s0/fires/2096-02-29T00:00"),
        new Worst(
            "putTrigger",
            "PUT",
            TASK + "/triggers/t%d",
            i -> "{\"scheme\": \"url\", \"when\": \"" + condition("payload", i) + "\"}"),
        new Worst(
            "postDelivery",
            "POST",
            hook,
            _ -> "{\"list\": " + list(300) + ", \"rest\": " + list(400_000) + "}"),
        new Worst(
            "previewApprovals",
            "POST",
            DEFAULT + "/installations/calc/approvals/preview",
            i ->
                "{\"approvals\": {\"*\": {\"when\": \"arguments.list.all(a, arguments.list.all(b,"
                    + " a + %d > b))\"}}}".formatted(i + 1)),
        new Worst(
            "patchInstallation",
            "PATCH",
            DEFAULT + "/installations/calc",
            i ->
                "{\"approvals\": {\"calculate\": {\"when\": \""
                    + condition("arguments", 3_000_000 + i)
                    + "\"}}}"),
        new Worst(
            "callTool",
            "POST",
            DEFAULT + "/installations/calc/tools/calculate",
            _ -> "{\"expression\": \"1\", \"list\": " + list(1_000_000) + "}"),
        new Worst(
            "sendMcpMessage",
            "POST",
            "/mcp",
            _ ->
                "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/list\", \"params\":"
                    + " {\"_meta\": {\"list\": "
                    + list(400_000)
                    + "}}}"),
        Worst.of("searchServlets", "GET", "/api/servlets?q=" + "a".repeat(1000)),
        Worst.of("listProfileRuns", "GET", DEFAULT + "/runs?text=absent&limit=500"),
        Worst.of("listRuns", "GET", TASK + "/runs?limit=100"),
        Worst.of("getRun", "GET", TASK + "/runs/one"),
        Worst.of("getTask", "GET", DEFAULT + "/tasks/put-0"),
        Worst.of("listTasks", "GET", DEFAULT + "/tasks?limit=1000"),
        Worst.of("getTaskUsage", "GET", TASK + "/usage"),
        Worst.of("getProfileUsage", "GET", DEFAULT + "/usage"));
  }
}
