package dev.errand.runs.worker.comparison;

import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;

import dev.errand.support.ScriptedModel;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * What is outside of the systems, in a process of its own: the model that all of them ask, and the
 * callers of the API. It reads orders, a line each, and answers each with a line: {@code model}
 * with the model's URL, {@code request} with the first request that the model got, {@code add} and
 * {@code paced} with the times at which runs were added, {@code asked} with the times at which the
 * model was first asked for jobs, and {@code await} when it has given so many last answers.
 */
final class ModelAndCallers {
  private final ScriptedModel model = new ScriptedModel();
  private final AtomicReference<String> first = new AtomicReference<>("");
  private final Map<String, Long> asked = new ConcurrentHashMap<>();
  private final Map<String, Integer> answered = new ConcurrentHashMap<>();
  private final Map<URI, ConcurrentLinkedDeque<ApiConnection>> kept = new ConcurrentHashMap<>();

  private ModelAndCallers() {
    model.script(this::answer);
  }

  /** Reads orders from the standard input until there are no more. */
  public static void main(String[] arguments) {
    ModelAndCallers outside = new ModelAndCallers();
    try (BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String order = orders.readLine(); order != null; order = orders.readLine()) {
        System.out.println(outside.done(order.split(" ")));
        System.out.flush();
      }
      System.exit(0);
    } catch (Exception e) {
      e.printStackTrace();
      // The model's threads would go on, and who waits for an answer would wait for ever.
      System.exit(1);
    }
  }

  private String done(String[] order) throws Exception {
    return switch (order[0]) {
      case "model" -> model.url();
      case "request" -> first.get();
      case "add" -> {
        URI runs = URI.create(order[1]);
        yield Adders.line(
            Adders.add(
                Integer.parseInt(order[5]),
                order[2],
                Integer.parseInt(order[3]),
                Integer.parseInt(order[4]),
                run -> start(runs, run)));
      }
      case "paced" -> {
        URI runs = URI.create(order[1]);
        yield Adders.line(
            Adders.paced(
                order[2],
                Integer.parseInt(order[3]),
                Double.parseDouble(order[4]),
                run -> start(runs, run)));
      }
      case "asked" -> {
        long[] times = new long[Integer.parseInt(order[2])];
        for (int i = 0; i < times.length; i++) {
          times[i] = asked.getOrDefault(order[1] + "-" + i, 0L);
        }
        yield Adders.line(times);
      }
      case "await" -> {
        while (answered.getOrDefault(order[1], 0) < Integer.parseInt(order[2])) {
          LockSupport.parkNanos(200_000);
        }
        yield "done";
      }
      default -> throw new IllegalArgumentException(order[0]);
    };
  }

  private ScriptedModel.Answer answer(ScriptedModel.Request request) {
    long now = System.nanoTime();
    String prompt = request.body().path("messages").path(0).path("content").asText();
    String job = prompt.substring(prompt.lastIndexOf(' ') + 1);
    asked.putIfAbsent(job, now);
    if (first.get().isEmpty()) {
      first.set(request.body().toString());
    }
    // So many requests would fill the memory.
    model.requests().clear();
    if (job.startsWith(Jobs.WITH_TOOL) && request.size() == 1) {
      int number = Integer.parseInt(job.substring(job.lastIndexOf('-') + 1));
      return call("c1", "calc_calculate", "{\"expression\":\"%d * 7\"}".formatted(number));
    }
    answered.merge(job.substring(0, job.lastIndexOf('-')), 1, Integer::sum);
    return say("ok");
  }

  private void start(URI runs, String run) {
    ConcurrentLinkedDeque<ApiConnection> free =
        kept.computeIfAbsent(runs, of -> new ConcurrentLinkedDeque<>());
    try {
      ApiConnection connection = free.poll();
      if (connection == null || !isStarted(connection, run)) {
        connection = new ApiConnection(runs);
        connection.start(run);
      }
      free.push(connection);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // The service may have closed a connection that was idle since the round before.
  private static boolean isStarted(ApiConnection kept, String run) throws IOException {
    try {
      kept.start(run);
      return true;
    } catch (EOFException e) {
      return false;
    }
  }
}
