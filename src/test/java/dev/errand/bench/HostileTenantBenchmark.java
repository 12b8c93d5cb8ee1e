package dev.errand.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.BenchmarkSize;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prints how long requests of one tenant take while another one sends on many connections what
 * takes long: {@code ./mvnw package -DskipTests}, then {@code ./mvnw test -Pbench
 * -Dtest=HostileTenantBenchmark}.
 */
@EnabledOnOs(OS.LINUX)
class HostileTenantBenchmark {
  private static final int CONNECTIONS = BenchmarkSize.of("errand.bench.connections", 24, 2);
  private static final Duration MEASURED =
      Duration.ofMillis(1000L * BenchmarkSize.of("errand.bench.seconds", 10, 1));
  private static final Duration PAUSE = Duration.ofMillis(10);
  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final int RUNS = BenchmarkSize.of(300, 10);
  private static final int CALLS = BenchmarkSize.of(500, 10);
  private static final int LINES = BenchmarkSize.of(100_000, 100);
  private static final int LIST = BenchmarkSize.of(300, 10);
  private static final String DEFAULT = "/api/profiles/~/default";

  @TempDir static Path folder;

  @Test
  void oneTenantBesideAnother() throws Exception {
    Builds.measure(
        folder,
        List.of("-Xmx512m"),
        Map.of("ERRAND_TRIGGER_PER_TASK", "10"),
        HostileTenantBenchmark::measure);
  }

  private static void measure(String name, MeasuredServer server, Connection connection)
      throws Exception {
    try (HeldCalls model = new HeldCalls();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Tenant calm = new Tenant("calm", server, connection, model);
      Tenant hostile = new Tenant("hostile", server, connection, model);
      hostile.fill(connection);
      System.out.printf("%s: load %s%n", name, MeasuredServer.load());
      print(name, "alone", calm.measure(MEASURED));
      print(name, "alone again", calm.measure(MEASURED));
      for (Map.Entry<String, HttpRequest> kind : hostile.kinds().entrySet()) {
        AtomicBoolean isOver = new AtomicBoolean();
        Map<Integer, Integer> statuses = new ConcurrentHashMap<>();
        for (int i = 0; i < CONNECTIONS; i++) {
          var _ =
              threads.submit(
                  () -> {
                    // A client has connections of its own.
                    try (HttpClient client = client()) {
                      while (!isOver.get()) {
                        statuses.merge(hostile.send(client, kind.getValue()), 1, Integer::sum);
                      }
                    }
                    return true;
                  });
        }
        long end = System.nanoTime() + LONGEST.toNanos();
        while (statuses.isEmpty() && System.nanoTime() < end) {
          LockSupport.parkNanos(PAUSE.toNanos());
        }
        double cpu = server.cpuSeconds();
        long since = System.nanoTime();
        Figures figures = calm.measure(MEASURED);
        double cores = (server.cpuSeconds() - cpu) / ((System.nanoTime() - since) / 1e9);
        isOver.set(true);
        print(name, kind.getKey(), figures);
        System.out.printf(
            "%s: %s: answers to the other tenant: %s; the server used %.1f cores%n",
            name, kind.getKey(), new TreeMap<>(statuses), cores);
        calm.awaitQuiet(LONGEST);
      }
      isOfAll(calm);
    }
  }

  private static void isOfAll(Tenant calm) {
    assertTrue(calm.answered > 0, "nothing was measured");
  }

  private static void print(String name, String beside, Figures figures) {
    System.out.printf("%s: calm tenant, %s: %s%n", name, beside, figures);
  }

  private static HttpClient client() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  /** Times of requests, in nanoseconds, in order of size. */
  private record Figures(long[] times, int failed) {
    private double percentile(double part) {
      return times.length == 0 ? Double.NaN : times[(int) ((times.length - 1) * part)] / 1e6;
    }

    @Override
    public String toString() {
      return "%d answers, %d others, p50 %.0f ms, p99 %.0f ms, max %.0f ms"
          .formatted(times.length, failed, percentile(0.5), percentile(0.99), percentile(1));
    }
  }

  /** A user with a task, a trigger with a condition, and an installation. */
  private static final class Tenant {
    private final String name;
    private final String session;
    private final String base;
    private final String hook;
    private final HttpClient client = client();
    private int answered;

    Tenant(String name, MeasuredServer server, Connection connection, HeldCalls model)
        throws Exception {
      this.name = name;
      this.session = "the-session-of-" + name + "-in-benchmarks-is-long-enough";
      this.base = "http://127.0.0.1:" + server.port();
      run(connection, "INSERT INTO account (id, username) VALUES (gen_random_uuid(), ?)", name);
      run(
          connection,
          "INSERT INTO profile (id, account_id, name) SELECT gen_random_uuid(), id, 'default' FROM"
              + " account WHERE username = ?",
          name);
      run(
          connection,
          "INSERT INTO session (token_hash, account_id, kind) SELECT sha256(convert_to(?, 'UTF8')),"
              + " id, 'user' FROM account WHERE username = ?",
          session,
          name);
      succeed(
          request("/tasks/task")
              .PUT(
                  json(
                      """
                      {"runner": "openai", "openai": {"prompt": "{{ #list }}{{ #list }}{{ x }}{{ /list }}{{ /list }}",
                       "model": "gpt-4o", "base_url": "%s"}, "settings": {"key": "sk-a-key-for-tests-1234"}}\
                      """
                          .formatted(model.url())))
              .build());
      send(
          client,
          request("/installations").POST(json("{\"servlet_slug\": \"errand/calc\"}")).build());
      String trigger =
          succeed(
              request("/tasks/task/triggers/hook")
                  .PUT(
                      json(
                          """
                          {"scheme": "url", "rate_per_minute": 60000,
                           "when": "payload.list.all(a, payload.list.all(b, a == b)) && false"}\
                          """))
                  .build());
      this.hook = "/hooks/" + trigger.replaceAll("(?s).*/hooks/([^\"]+)\".*", "$1");
    }

    /** Adds what takes long to look at. */
    void fill(Connection connection) throws Exception {
      for (String run : List.of("one", "two")) {
        succeed(
            request("/tasks/task/runs/" + run + "?wait=60")
                .PUT(json("{\"parameters\": {\"list\": []}}"))
                .build());
      }
      run(
          connection,
          """
          INSERT INTO run OVERRIDING SYSTEM VALUE
          SELECT (jsonb_populate_record(run, jsonb_build_object('id', 1000000 + number, 'name', 'r' || number,
            'output', (SELECT string_agg(md5(number || '-' || line), ' ') FROM generate_series(1, 1000) AS line)))).*
          FROM run CROSS JOIN generate_series(1, %d) AS number WHERE run.name = 'one'\
          """
              .formatted(RUNS));
      run(
          connection,
          """
          UPDATE run SET output = (SELECT string_agg(md5(run.name || line), E'\\n')
            FROM generate_series(1, %d) AS line) WHERE name IN ('one', 'two')\
          """
              .formatted(LINES));
      run(
          connection,
          """
          INSERT INTO run_entry (run_id, seq, entry)
          SELECT run.id, number, '{"msg":"call tool request","time":1737011633610,"level":30,"params":{"name":"calc_calculate","arguments":{"list":%s}},"tool_call_id":"c' || number || '"}'
          FROM run CROSS JOIN generate_series(100, %d) AS number WHERE run.name = 'two'\
          """
              .formatted(list(), 100 + CALLS));
    }

    private static String list() {
      return IntStream.range(0, LIST).mapToObj(_ -> "1").collect(Collectors.joining(",", "[", "]"));
    }

    /** The requests that take long, by what they are. */
    Map<String, HttpRequest> kinds() {
      Map<String, HttpRequest> kinds = new LinkedHashMap<>();
      kinds.put(
          "conditions on deliveries",
          HttpRequest.newBuilder(URI.create(base + hook))
              .timeout(LONGEST)
              .POST(json("{\"list\": " + list() + "}"))
              .build());
      kinds.put(
          "comparisons",
          at("/console/" + name + "/default/tasks/task/compare?run=one&run=two").build());
      kinds.put(
          "previews of prompts",
          request("/tasks/task/preview")
              .POST(json("{\"parameters\": {\"list\": " + list() + "}}"))
              .build());
      kinds.put(
          "previews of rules",
          request("/installations/calc/approvals/preview")
              .POST(
                  json(
                      "{\"approvals\": {\"*\": {\"when\": \"arguments.list.all(a,"
                          + " arguments.list.all(b, a == b))\"}}}"))
              .build());
      kinds.put("searches by text", request("/runs?text=absent").build());
      return kinds;
    }

    private HttpRequest.Builder request(String path) {
      return at(DEFAULT + path);
    }

    private HttpRequest.Builder at(String path) {
      return HttpRequest.newBuilder(URI.create(base + path))
          .timeout(LONGEST)
          .header("Cookie", "sessionId=" + session)
          .header("Content-Type", "application/json");
    }

    private static HttpRequest.BodyPublisher json(String body) {
      return HttpRequest.BodyPublishers.ofString(body);
    }

    private String succeed(HttpRequest request) throws IOException, InterruptedException {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertTrue(
          answer.statusCode() < 300,
          () -> request.uri() + ": " + answer.statusCode() + answer.body());
      return answer.body();
    }

    /** Sends a request; returns the status, or 0 without one. */
    int send(HttpClient own, HttpRequest request) throws InterruptedException {
      try {
        return own.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      } catch (IOException e) {
        return 0;
      }
    }

    /** Sends small requests, one after another: a list, and a delivery with a short condition. */
    Figures measure(Duration length) throws InterruptedException {
      List<HttpRequest> small =
          List.of(
              request("/tasks").build(),
              HttpRequest.newBuilder(URI.create(base + hook))
                  .timeout(LONGEST)
                  .POST(json("{\"list\": []}"))
                  .build());
      List<Long> times = new ArrayList<>();
      int failed = 0;
      long end = System.nanoTime() + length.toNanos();
      for (int i = 0; System.nanoTime() < end || i < 2; i++) {
        long begun = System.nanoTime();
        if (send(client, small.get(i % 2)) == 200) {
          times.add(System.nanoTime() - begun);
        } else {
          failed++;
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
      answered += times.size();
      long[] sorted = times.stream().mapToLong(Long::longValue).toArray();
      Arrays.sort(sorted);
      return new Figures(sorted, failed);
    }

    /** Waits until what was sent before is done with. */
    void awaitQuiet(Duration most) throws InterruptedException {
      long end = System.nanoTime() + most.toNanos();
      long quick = 0;
      while (quick < 20 && System.nanoTime() < end) {
        long begun = System.nanoTime();
        boolean isAnswered = send(client, request("/tasks").build()) == 200;
        boolean isQuick = System.nanoTime() - begun < TimeUnit.MILLISECONDS.toNanos(100);
        quick = isAnswered && isQuick ? quick + 1 : 0;
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }

    private static void run(Connection connection, String sql, String... values)
        throws SQLException {
      if (values.length == 0) {
        try (Statement statement = connection.createStatement()) {
          statement.execute(sql);
        }
        return;
      }
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        for (int i = 0; i < values.length; i++) {
          statement.setString(i + 1, values[i]);
        }
        statement.executeUpdate();
      }
    }
  }
}
