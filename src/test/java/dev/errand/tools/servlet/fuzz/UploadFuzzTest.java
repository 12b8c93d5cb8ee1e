package dev.errand.tools.servlet.fuzz;

import static dev.errand.support.Servlets.publish;
import static dev.errand.support.Servlets.variant;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.support.Api;
import dev.errand.support.Servlets;
import dev.errand.support.TestDatabase;
import dev.errand.tools.install.SlowServlets;
import dev.errand.tools.servlet.fuzz.Mutants.Way;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Publishes mutated modules: {@code errand.fuzz.modules} of them, those of the number {@code
 * errand.fuzz.seed}. {@code ./mvnw test -Pfuzz} does it with twenty thousand.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = SlowServlets.class, scope = TestResourceScope.MATCHING_RESOURCES)
class UploadFuzzTest {
  private static final int MODULES = Integer.getInteger("errand.fuzz.modules", 2000);
  private static final long SEED = Long.getLong("errand.fuzz.seed", 1);
  private static final int AT_ONCE = 4;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Path DAMAGE = Path.of("target", "fuzz");

  /** Each way as often as it is here: more often those that leave more modules valid. */
  private static final List<Way> WAYS =
      List.of(
          Way.FLIP,
          Way.FLIP,
          Way.TRUNCATE,
          Way.SPLICE,
          Way.SECTIONS,
          Way.SECTIONS,
          Way.NUMBER,
          Way.NUMBER,
          Way.DECLARATION,
          Way.DECLARATION,
          Way.DECLARATION,
          Way.DECLARATION,
          Way.INSTRUCTION,
          Way.INSTRUCTION,
          Way.INSTRUCTION,
          Way.INSTRUCTION);

  /** Small ones, since each mutant is compiled; of every kind that there is. */
  private static final List<byte[]> SEEDS =
      List.of(
              "count",
              "http",
              "input_echo",
              "grow_table_far",
              "loop_call_indirect",
              "vars_full",
              "command",
              "reactor",
              "haskell",
              "drop_data",
              "output_kinds",
              "wasi",
              "recurse_wide",
              "as_probe",
              "c_echo")
          .stream()
          .map(Servlets::wasm)
          .toList();

  private static final Pattern DETAILS = Pattern.compile("[0-9]+|\"[^\"]*\"|\\([^)]*\\)|:.*");

  private static final Pattern NULL = Pattern.compile("\\bnull\\b");

  @TestHTTPResource URI server;

  private final HttpClient client = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();
  private final Map<String, AtomicInteger> outcomes = new ConcurrentHashMap<>();

  @Test
  void mutatedModulesAreTakenOrRefusedWithASentence() throws Exception {
    var failures = new ArrayList<String>();
    try (var pool = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Callable<String>> uploads =
          IntStream.range(0, MODULES).mapToObj(i -> (Callable<String>) () -> upload(i)).toList();
      for (Future<String> upload : pool.invokeAll(uploads)) {
        if (!upload.get().isEmpty()) {
          failures.add(upload.get());
        }
      }
    }
    print();
    assertEquals(List.of(), failures);
    publish("admin/unharmed", "", variant("count", "unharmed")).then().statusCode(201);
  }

  /** What is wrong with the answer to a mutant, whose bytes are then kept; empty for nothing. */
  private String upload(int number) throws IOException, InterruptedException {
    var random = new SplittableRandom(SEED << 32 | number);
    var way = WAYS.get(random.nextInt(WAYS.size()));
    var wasm = new Mutants(SEEDS, random).next(way);
    var request =
        HttpRequest.newBuilder(server.resolve("/api/servlets/admin/mutants-" + number / 50))
            .header("Cookie", "sessionId=" + Api.SESSION)
            .header("Content-Type", "application/wasm")
            .timeout(PATIENCE)
            .PUT(HttpRequest.BodyPublishers.ofByteArray(wasm))
            .build();
    String wrong;
    try {
      wrong = wrong(way, client.send(request, HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      wrong = e.toString();
    }
    if (wrong.isEmpty()) {
      return wrong;
    }
    Files.createDirectories(DAMAGE);
    var kept = Files.write(DAMAGE.resolve(SEED + "-" + number + ".wasm"), wasm);
    return kept + " (" + way + "): " + wrong;
  }

  private String wrong(Way way, HttpResponse<String> answer) throws IOException {
    if (answer.statusCode() == 201 || answer.statusCode() == 200) {
      count(way + " taken");
      return "";
    }
    JsonNode problem = json.readTree(answer.body());
    var detail = problem.path("detail").asText();
    count(way + " refused");
    count(answer.statusCode() + " " + DETAILS.matcher(detail).replaceAll("…"));
    var sound =
        answer.statusCode() == 400
            && problem.path("code").asText().equals("invalid_servlet")
            && !detail.isBlank()
            && !detail.contains("Exception")
            && !detail.contains("java.")
            && !NULL.matcher(detail).find();
    return sound ? "" : answer.statusCode() + " " + answer.body();
  }

  private void count(String outcome) {
    outcomes.computeIfAbsent(outcome, _ -> new AtomicInteger()).incrementAndGet();
  }

  private void print() {
    System.out.printf("%d mutated modules of the seed %d:%n", MODULES, SEED);
    outcomes.entrySet().stream()
        .sorted(Comparator.comparing(Map.Entry::getKey))
        .forEach(entry -> System.out.printf("%7d %s%n", entry.getValue().get(), entry.getKey()));
  }
}
