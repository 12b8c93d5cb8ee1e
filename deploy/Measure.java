import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures a packaged Errand on an empty database that QUARKUS_DATASOURCE_JDBC_URL, …_USERNAME and …_PASSWORD name: from its
 * start to its first answer from the database, in time and in CPU time, and the memory that it has while idle and after a thousand runs. Linux alone:
 *
 * <pre>java deploy/Measure.java &lt;command that starts Errand&gt;</pre>
 */
public class Measure {
  private static final int STARTS = 5;
  private static final int RUNS = 1000;
  private static final int CALLERS = 16;
  private static final String SESSION = "the-session-of-a-measurement-of-32-characters";
  private static final String TASKS = "/api/profiles/~/default/tasks";
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
  private static final Pattern ENDED = Pattern.compile("\"runs_ready\":(\\d+)");

  private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<String> command;
  private final int port;

  Measure(List<String> command) throws IOException {
    this.command = command;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
  }

  public static void main(String[] arguments) throws Exception {
    new Measure(List.of(arguments)).run();
  }

  private void run() throws Exception {
    // The first start of all brings the schema to where the others find it.
    stop(start().process());
    List<Long> starts = new ArrayList<>();
    List<Long> cpu = new ArrayList<>();
    for (int i = 0; i < STARTS; i++) {
      Started started = start();
      starts.add(started.ms());
      cpu.add(started.cpuMs());
      stop(started.process());
    }
    Collections.sort(starts);
    Collections.sort(cpu);
    Started started = start();
    try {
      TimeUnit.SECONDS.sleep(15);
      long idle = residentMb(started.process());
      Duration before = started.process().info().totalCpuDuration().orElse(Duration.ZERO);
      long took = work();
      Duration worked = started.process().info().totalCpuDuration().orElse(Duration.ZERO).minus(before);
      TimeUnit.SECONDS.sleep(5);
      System.out.printf(
          "start to first answer: %d ms (the middle of %d: %s), %d ms of CPU (%s); RSS idle %d MB, after %d runs (%d a second, each %.2f ms of CPU) %d MB%n",
          starts.get(STARTS / 2), STARTS, starts, cpu.get(STARTS / 2), cpu, idle, RUNS, RUNS * 1000L / took, worked.toMillis() / (double) RUNS, residentMb(started.process()));
    } finally {
      stop(started.process());
    }
  }

  private record Started(Process process, long ms, long cpuMs) {}

  private Started start() throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(Path.of(System.getProperty("java.io.tmpdir"), "errand-measured.log").toFile());
    Map<String, String> environment = builder.environment();
    environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
    environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
    environment.put("QUARKUS_MANAGEMENT_PORT", "0");
    environment.put("ERRAND_SECRET_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    environment.put("ERRAND_BOOTSTRAP_SESSION", SESSION);
    environment.put("ERRAND_EGRESS_ALLOW", "127.0.0.1");
    environment.put("ERRAND_DATA", Files.createTempDirectory("errand-measured").toString());
    long begun = System.nanoTime();
    Process process = builder.start();
    while (true) {
      if (!process.isAlive()) {
        throw new IllegalStateException("It has ended: see errand-measured.log in the folder for temporary files.");
      }
      try {
        if (send("GET", TASKS, "").statusCode() == 200) {
          long ms = (System.nanoTime() - begun) / 1_000_000;
          return new Started(process, ms, process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis());
        }
      } catch (IOException e) {
        // Not yet.
      }
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }

  private static void stop(Process process) throws InterruptedException {
    process.destroy();
    process.waitFor();
  }

  private long work() throws Exception {
    HttpServer model = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    model.createContext(
        "/v1/chat/completions",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          byte[] answer =
              ("{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Done.\"}}],"
                      + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    model.setExecutor(threads);
    model.start();
    try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
      String task = TASKS + "/measured" + System.nanoTime();
      String url = "http://127.0.0.1:" + model.getAddress().getPort() + "/v1";
      check(
          send(
              "PUT",
              task,
              "{\"runner\":\"openai\",\"openai\":{\"prompt\":\"Hello\",\"model\":\"m\",\"base_url\":\""
                  + url
                  + "\"},\"settings\":{\"key\":\"sk-measured-0000\",\"concurrency\":64}}"));
      long begun = System.nanoTime();
      List<Future<?>> triggered = new ArrayList<>();
      for (int i = 0; i < RUNS; i++) {
        String run = task + "/runs/r" + i;
        triggered.add(
            callers.submit(
                () -> {
                  check(send("PUT", run, "{\"parameters\":{}}"));
                  return null;
                }));
      }
      for (Future<?> one : triggered) {
        one.get();
      }
      int ended = 0;
      while (ended < RUNS) {
        TimeUnit.MILLISECONDS.sleep(100);
        Matcher total = ENDED.matcher(check(send("GET", task + "/usage", "")));
        ended = total.find() ? Integer.parseInt(total.group(1)) : 0;
      }
      return (System.nanoTime() - begun) / 1_000_000;
    } finally {
      model.stop(0);
      threads.shutdownNow();
    }
  }

  private static String check(HttpResponse<String> answer) {
    if (answer.statusCode() / 100 != 2) {
      throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }
    return answer.body();
  }

  private HttpResponse<String> send(String method, String path, String body) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Cookie", "sessionId=" + SESSION)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static long residentMb(Process process) throws IOException {
    Matcher resident = RESIDENT.matcher(Files.readString(Path.of("/proc/" + process.pid() + "/status")));
    return resident.find() ? Long.parseLong(resident.group(1)) / 1024 : -1;
  }
}
