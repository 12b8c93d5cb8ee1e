package dev.errand.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.app.database.EmbeddedDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** A start that a setting makes fail ends with one sentence that says which, and what to do. */
class WrongSettingIT {
  private static final String BEGIN = "Errand can't start. ";

  @TempDir static Path folder;

  // Much of a start is done by one core.
  private static final ExecutorService STARTS = Executors.newFixedThreadPool(2);

  private static final String WRONG =
      """
      ERRAND_URL                        | not a url                              | such as https://errand.example.com
      ERRAND_URL                        | errand.example.com                     | such as https://errand.example.com.
      ERRAND_MAIL_FROM                  | errand@example.org                     | set ERRAND_URL
      ERRAND_WORKER_CONCURRENCY         | many                                   | must be a whole number
      ERRAND_WORKER_CONCURRENCY         | -1                                     | must be 0 or more
      ERRAND_WORKER_POLL                | PT0S                                   | must be more than 0
      ERRAND_MODEL_STREAM               | perhaps                                | must be true or false
      ERRAND_WORKER_MODE                | sometimes                              | must be one of
      ERRAND_WORKER_LEASE               | soon                                   | must be a duration such as
      ERRAND_RUN_RETENTION              | month                                  | must be a duration such as
      ERRAND_SERVLET_MEMORY             | big                                    | must be a size such as
      ERRAND_HTTP_MAX_BODY_SIZE         | large                                  | must be a size such as
      ERRAND_OPENAI_BASE_URL            | not a url                              | must be an address such as
      ERRAND_MODEL_PRICES_X_PROMPT      | cheap                                  | must be a number
      ERRAND_TASK_MADE_BY_RUNS          | few                                    | must be a whole number
      ERRAND_RUN_CEILING_MAX_COST_USD   | NaN                                    | must be a number
      ERRAND_SERVLET_WALL_TIME          | PT0S                                   | must be more than 0
      ERRAND_BOOTSTRAP_SESSION          | short                                  | openssl rand -hex 32
      ERRAND_SECRET_KEY                 | short                                  | openssl rand -base64 32
      ERRAND_EVENTS_TOKEN               | short                                  | openssl rand -hex 32
      ERRAND_DATA                       | /proc/nowhere                          | set ERRAND_DATA to another one
      ERRAND_EGRESS_ALLOW               | 10.0.0.0/99                            | has a prefix that is longer than its address.
      ERRAND_EGRESS_PORTS               | 0                                      | is not a port from 1 to 65535
      QUARKUS_HTTP_PORT                 | http                                   | must be a whole number
      QUARKUS_HTTP_PORT                 | 99999                                  | must be a port from 0 to 65535
      QUARKUS_MANAGEMENT_PORT           | 99999                                  | must be a port from 0 to 65535
      QUARKUS_HTTP_HOST                 | no.such.host.invalid                   | an address of this machine
      QUARKUS_DATASOURCE_JDBC_MAX_SIZE  | lots                                   | must be a whole number
      QUARKUS_DATASOURCE_JDBC_MAX_SIZE  | 3                                      | must be 4 or more
      QUARKUS_DATASOURCE_JDBC_URL       | mysql://u:hidden@host/x                | such as jdbc:postgresql://host:5432/errand
      QUARKUS_DATASOURCE_JDBC_URL       | jdbc:postgresql://127.0.0.1:1/hidden   | Connection to 127.0.0.1:1 refused
      QUARKUS_DATASOURCE_JDBC_URL       | jdbc:postgresql://no.such.host.invalid/x | the host no.such.host.invalid is unknown
      QUARKUS_DATASOURCE_PASSWORD       | hidden                                 | password authentication failed
      QUARKUS_OIDC_AUTH_SERVER_URL      | nowhere                                | must be an address such as
      QUARKUS_OIDC_AUTH_SERVER_URL      | https://id.example.com                 | QUARKUS_OIDC_CLIENT_ID) is missing
      ERRAND_OIDC_PROFILE_GROUPS        | ops=default:editor                     | must be group=user/profile:role
      ERRAND_OIDC_PROFILE_GROUPS        | ops=~/default:viewer                   | with the names of a user and of a profile
      OTEL_EXPORTER_OTLP_PROTOCOL       | smoke                                  | must be grpc or http/protobuf
      OTEL_EXPORTER_OTLP_ENDPOINT       | nowhere                                | must be an address such as
      """;

  private static final List<Case> CASES = WRONG.lines().map(Case::of).toList();
  private static final Map<Case, Future<Path>> BEGUN = new HashMap<>();

  private static EmbeddedDatabase database;

  /** A setting that is wrong, and what is said of it. */
  record Case(String variable, String value, String says) {
    static Case of(String line) {
      String[] parts = line.split("\\|", -1);
      return new Case(parts[0].strip(), parts[1].strip(), parts[2].strip());
    }
  }

  @BeforeAll
  static void start() {
    database = EmbeddedDatabase.startIn(folder);
    for (Case wrong : CASES) {
      Map<String, String> environment = environment();
      environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1");
      environment.put(wrong.variable, wrong.value);
      String log = "wrong-setting-" + BEGUN.size();
      BEGUN.put(wrong, STARTS.submit(() -> end(log, environment)));
    }
  }

  @AfterAll
  static void stop() {
    STARTS.shutdownNow();
    database.stop();
  }

  @ParameterizedTest
  @FieldSource("CASES")
  void oneSentenceSaysWhatIsWrong(Case wrong) throws Exception {
    String sentence = closing(Objects.requireNonNull(BEGUN.get(wrong)).get());
    assertTrue(sentence.contains(wrong.variable), sentence);
    assertTrue(sentence.contains(wrong.says), sentence);
    assertFalse(sentence.contains("hidden"), "a secret in " + sentence);
  }

  @Test
  void aKeyByItsFormerNameIsRead() throws Exception {
    Map<String, String> environment = environment();
    environment.put("ERRAND_OPENAI_STREAM", "perhaps");
    String sentence = closing(environment);
    assertTrue(sentence.contains("ERRAND_MODEL_STREAM"), sentence);
    assertTrue(sentence.contains("must be true or false"), sentence);
  }

  @Test
  void aDatabaseThatIsNotThereIsNamed() throws Exception {
    Map<String, String> environment = Packaged.environment(database, "not_there", folder);
    environment.put("QUARKUS_FLYWAY_CONNECT_RETRIES", "0");
    String sentence = closing(environment);
    assertTrue(sentence.contains("\"not_there\" does not exist"), sentence);
    assertTrue(sentence.contains("QUARKUS_DATASOURCE_JDBC_URL"), sentence);
  }

  @Test
  void aPortInUseIsReported() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Map<String, String> environment = environment();
      environment.put("QUARKUS_HTTP_PORT", Integer.toString(taken.getLocalPort()));
      String sentence = closing(environment);
      assertTrue(sentence.contains("QUARKUS_HTTP_PORT"), sentence);
    }
  }

  @Test
  void aHealthPortInUseIsReported() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Map<String, String> environment = environment();
      environment.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(taken.getLocalPort()));
      String sentence = closing(environment);
      assertTrue(sentence.contains("QUARKUS_MANAGEMENT_PORT"), sentence);
      assertFalse(sentence.contains("QUARKUS_HTTP_PORT"), sentence);
    }
  }

  @Test
  void aPortIsTriedBeforeTheDatabase() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Map<String, String> environment = Packaged.environment(database, "not_there", folder);
      environment.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(taken.getLocalPort()));
      String sentence = closing(environment);
      assertTrue(sentence.contains("QUARKUS_MANAGEMENT_PORT"), sentence);
      assertFalse(sentence.contains("not_there"), sentence);
    }
  }

  private static Map<String, String> environment() {
    Map<String, String> environment = Packaged.environment(database, "postgres", folder);
    environment.put("QUARKUS_FLYWAY_CONNECT_RETRIES", "0");
    return environment;
  }

  private static String closing(Map<String, String> environment)
      throws IOException, InterruptedException {
    return closing(end("wrong-setting", environment));
  }

  /** The log of a start that has failed. */
  private static Path end(String name, Map<String, String> environment)
      throws IOException, InterruptedException {
    try (Packaged process = Packaged.startSmall(name, environment)) {
      assertEquals(1, process.awaitEnd());
    }
    return Path.of("target", name + ".log");
  }

  private static String closing(Path of) throws IOException {
    List<String> log = Files.readAllLines(of);
    String last = log.getLast();
    assertTrue(last.startsWith(BEGIN) && last.endsWith("."), last);
    assertEquals(1, log.stream().filter(line -> line.contains(BEGIN)).count(), "said once");
    assertFalse(
        log.stream().anyMatch(line -> line.startsWith("\tat ") || line.contains("SRCFG")),
        "no stack trace, and no code of a library");
    return last;
  }
}
