package dev.errand.tools.servlet.module;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.limit.ElapsedClock;
import dev.errand.support.BenchmarkSize;
import dev.errand.tools.port.ToolCall;
import dev.errand.tools.port.ToolLog;
import dev.errand.tools.servlet.host.ServletHost;
import dev.errand.tools.servlet.limit.Grant;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Prints how long servlets take here, next to the same modules in Node's WebAssembly, and how long
 * after its deadline a loop is stopped; {@code ./mvnw test -Pbench -Dtest=ServletBenchmark}.
 */
class ServletBenchmark {
  private static final List<String> LOOPS =
      List.of(
          "loop_br",
          "loop_br_if",
          "loop_br_table",
          "loop_call",
          "loop_call_indirect",
          "loop_host",
          "loop_alloc",
          "loop_log",
          "loop_start",
          "loop_initialize",
          "loop_fill",
          "fill_straight",
          "loop_copy",
          "loop_table",
          "loop_random",
          "too_large",
          "sleep");

  private static final int STOPS = BenchmarkSize.of(5, 1);
  private static final Duration TIME = Duration.ofMillis(BenchmarkSize.of(200, 20));
  private static final int CPU_CALLS = BenchmarkSize.of(8000, 8);
  private static final int CPU_ROUNDS = BenchmarkSize.of(8, 1);
  private static final ObjectNode PRODUCT =
      JsonMapper.builder().build().createObjectNode().put("expression", "1234 * 7");
  private static final List<ServletJmh.Subject> SUBJECTS =
      BenchmarkSize.isShort()
          ? List.of(ServletJmh.Subject.echo)
          : List.of(ServletJmh.Subject.values());

  @TempDir Path folder;

  @Test
  void print() throws Exception {
    System.setProperty(ServletJmh.FOLDER, folder.resolve("code").toString());
    ServletJmh.fill(SUBJECTS);
    var here = new HashMap<String, RunResult>();
    var options =
        new OptionsBuilder()
            .include(ServletJmh.class.getName())
            .jvmArgsAppend("-D" + ServletJmh.FOLDER + "=" + folder.resolve("code"))
            .param("name", SUBJECTS.stream().map(Enum::name).toArray(String[]::new))
            .warmupTime(TimeValue.seconds(2))
            .shouldFailOnError(true);
    if (BenchmarkSize.isShort()) {
      options.forks(1).warmupIterations(0).measurementIterations(1);
      options.measurementTime(TimeValue.milliseconds(100));
      options.jvmArgsPrepend(BenchmarkSize.jvmOptions().toArray(String[]::new));
    }
    for (var result : new Runner(options.build()).run()) {
      var method = result.getParams().getBenchmark();
      here.put(
          method.substring(method.lastIndexOf('.') + 1) + " " + result.getParams().getParam("name"),
          result);
    }
    System.out.printf(
        "%n%d cores, Java %s%n",
        Runtime.getRuntime().availableProcessors(), System.getProperty("java.vm.version"));
    table(here, BenchmarkSize.isShort() ? MissingNode.getInstance() : v8());
    stops();
  }

  /**
   * Prints the CPU time of this process for a call of calc: that of all threads, the garbage
   * collector's included; {@code ./mvnw test -Pbench -Dtest=ServletBenchmark#cpu}.
   */
  @Test
  void cpu() throws Exception {
    var host = ServletJmh.host(Engine.COMPILED, CodeStore.NONE);
    var module = ServletJmh.Subject.calc.load(host);
    for (var callers : List.of(1, 8)) {
      var rounds = new ArrayList<Double>();
      for (var i = 0; i < 2 * CPU_ROUNDS; i++) {
        var round = cpuOfCall(callers, host, module);
        if (i >= CPU_ROUNDS) {
          rounds.add(round);
        }
      }
      rounds.sort(null);
      System.out.printf(
          Locale.ROOT,
          "CPU time of a call of calc, %d callers: %.1f us (%.1f to %.1f)%n",
          callers,
          rounds.get(rounds.size() / 2),
          rounds.getFirst(),
          rounds.getLast());
    }
  }

  /** The mean of many calls, in microseconds. */
  private static double cpuOfCall(int callers, ServletHost host, ServletModule module)
      throws Exception {
    var process = ProcessHandle.current();
    var before = process.info().totalCpuDuration().orElseThrow();
    Callable<Boolean> caller =
        () -> {
          for (var i = 0; i < CPU_CALLS / callers; i++) {
            var call =
                new ToolCall("call", PRODUCT, ElapsedClock.now().plusSeconds(60), ToolLog.NONE);
            host.call(module, Grant.NONE, ServletJmh.Subject.calc.tool, call);
          }
          return true;
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var ended : threads.invokeAll(Collections.nCopies(callers, caller))) {
        ended.get();
      }
    }
    var used = process.info().totalCpuDuration().orElseThrow().minus(before);
    return used.toNanos() / 1e3 / CPU_CALLS;
  }

  private static void table(Map<String, RunResult> here, JsonNode v8) throws IOException {
    System.out.println(
        "| module | KB | upload | cold first call | warm first call | warm next | V8 first call |"
            + " steady | V8 steady | ratio |\n"
            + "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for (var subject : SUBJECTS) {
      var there = v8.path(subject.name());
      var steady = p50(here, "steady " + subject);
      System.out.printf(
          Locale.ROOT,
          "| %s | %d | %.0f ms | %.0f ms | %.0f ms | %.0f ms | %.0f ms | %.3f ms | %.3f ms | %.1f |%n",
          subject,
          subject.wasm().length / 1024,
          p50(here, "upload " + subject),
          p50(here, "coldFirstCall " + subject),
          p50(here, "warmFirstCall " + subject),
          p50(here, "warmNextCall " + subject),
          there.path("compile").asDouble() + there.path("first").asDouble(),
          steady,
          there.path("p50").asDouble(),
          steady / there.path("p50").asDouble());
    }
  }

  private static double p50(Map<String, RunResult> results, String key) {
    return results.get(key).getPrimaryResult().getStatistics().getPercentile(50);
  }

  /** The same in Node, if it is on this machine. */
  private JsonNode v8() throws IOException, InterruptedException {
    var json = JsonMapper.builder().build();
    var subjects = json.createArrayNode();
    for (var subject : SUBJECTS) {
      subjects
          .addObject()
          .put("name", subject.name())
          .put("wasm", subject.file.toString())
          .put("tool", subject.tool)
          .put("page", ServletJmh.Subject.PAGE)
          .put("warmup", 4)
          .put("seconds", 3)
          .set("arguments", json.readTree(subject.arguments));
    }
    var input = Files.writeString(folder.resolve("v8.json"), subjects.toString());
    var output = folder.resolve("v8.out");
    var node =
        new ProcessBuilder("node", "src/bench/node/v8.mjs", input.toString())
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (node.waitFor() != 0) {
      throw new IllegalStateException("node failed");
    }
    return json.readTree(Files.readString(output, StandardCharsets.UTF_8));
  }

  private static void stops() throws Exception {
    System.out.printf(
        "%n| endless | compiled: stopped after its deadline, worst of %1$d | interpreted |%n"
            + "| --- | --- | --- |%n",
        STOPS);
    var compiled = ServletJmh.host(Engine.COMPILED, CodeStore.NONE);
    var interpreted = ServletJmh.host(Engine.INTERPRETED, CodeStore.NONE);
    for (var name : LOOPS) {
      System.out.printf(
          Locale.ROOT,
          "| %s | %.1f ms | %.1f ms |%n",
          name,
          stop(compiled, name) / 1e6,
          stop(interpreted, name) / 1e6);
    }
  }

  /** How many nanoseconds after its deadline the slowest call came back. */
  private static long stop(ServletHost host, String name) throws Exception {
    var wasm = Files.readAllBytes(Path.of("src/test/resources/servlets", name + ".wasm"));
    var module = host.load(ContentAddress.of(wasm).hex(), wasm);
    var worst = 0L;
    for (var i = 0; i < STOPS; i++) {
      var start = System.nanoTime();
      var call =
          new ToolCall(
              "call",
              JsonMapper.builder().build().createObjectNode(),
              ElapsedClock.now().plus(TIME),
              ToolLog.NONE);
      var result = host.call(module, Grant.NONE, "probe", call);
      worst = Math.max(worst, System.nanoTime() - start - TIME.toNanos());
      if (!result.isError()) {
        throw new IllegalStateException(name);
      }
    }
    return worst;
  }
}
