package dev.errand.runs.worker.comparison;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The process of a peer, which adds and works jobs as it is ordered, a line each: see {@link
 * PeerJobs}. A job asks the model until the answer has no more tool calls.
 */
abstract class JobProcess {
  private static final Duration LONGEST_ROUND = Duration.ofMinutes(1);

  static final ObjectMapper JSON = new ObjectMapper();

  final String url;
  final int workers;
  private final URI model;
  private final ObjectNode request;
  private final int callers;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** What {@link Peers} starts it with. */
  JobProcess(String[] arguments) throws IOException {
    // What the standard output gets is an answer.
    Handler log = new ConsoleHandler();
    log.setLevel(Level.WARNING);
    Logger.getLogger("").addHandler(log);
    url = arguments[0];
    model = URI.create(arguments[1]);
    request = (ObjectNode) JSON.readTree(Files.readString(Path.of(arguments[2])));
    callers = Integer.parseInt(arguments[3]);
    workers = Integer.parseInt(arguments[4]);
  }

  /** Adds a job, and returns when it is committed. */
  abstract void add(String name) throws Exception;

  /** Whether so many jobs have ended since the last call of {@link #begin()}, and all are off. */
  abstract boolean haveEnded(int jobs) throws Exception;

  /** Counts from zero. */
  abstract void begin();

  /** What a job begins with. */
  static ObjectNode prompt(String name) {
    return JSON.createObjectNode().put("role", "user").put("content", "This is " + name);
  }

  /** The model's answer to a conversation. */
  ObjectNode ask(ArrayNode messages) throws IOException, InterruptedException {
    ObjectNode body = request.deepCopy();
    body.set("messages", messages);
    return (ObjectNode)
        JSON.readTree(
                client
                    .send(
                        HttpRequest.newBuilder(model)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                            .build(),
                        HttpResponse.BodyHandlers.ofString())
                    .body())
            .at("/choices/0/message");
  }

  /** The result of a tool call: the same product, by a function here. */
  static ObjectNode call(JsonNode call) throws IOException {
    String expression =
        JSON.readTree(call.at("/function/arguments").asText()).path("expression").asText();
    String[] parts = expression.split(" ");
    return JSON.createObjectNode()
        .put("role", "tool")
        .put("tool_call_id", call.path("id").asText())
        .put("content", Long.toString(Long.parseLong(parts[0]) * Long.parseLong(parts[2])));
  }

  /** Does what it is ordered until there are no more orders. */
  void serve() throws Exception {
    try (BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = orders.readLine(); line != null; line = orders.readLine()) {
        String[] order = line.split(" ");
        int jobs = Integer.parseInt(order[2]);
        System.out.println(
            switch (order[0]) {
              case "round" -> Double.toString(round(order[1], jobs));
              case "alone" -> Adders.line(alone(order[1], jobs));
              case "paced" -> Adders.line(paced(order[1], jobs, Double.parseDouble(order[3])));
              default -> throw new IllegalArgumentException(line);
            });
        System.out.flush();
      }
    }
    // Its threads wait for more.
    System.exit(0);
  }

  private double round(String name, int jobs) throws Exception {
    begin();
    long start = System.nanoTime();
    Adders.add(callers, name, 0, jobs, this::add);
    awaitEnds(jobs);
    return (System.nanoTime() - start) / 1e9;
  }

  private long[] alone(String name, int jobs) throws Exception {
    long[] starts = new long[jobs];
    for (int i = 0; i < jobs; i++) {
      begin();
      starts[i] = System.nanoTime();
      add(name + "-" + i);
      awaitEnds(1);
    }
    return starts;
  }

  private long[] paced(String name, int jobs, double rate) throws Exception {
    begin();
    long[] due = Adders.paced(name, jobs, rate, this::add);
    awaitEnds(jobs);
    return due;
  }

  private void awaitEnds(int jobs) throws Exception {
    long limit = System.nanoTime() + LONGEST_ROUND.toNanos();
    while (!haveEnded(jobs)) {
      if (System.nanoTime() > limit) {
        throw new IllegalStateException("Not all of " + jobs + " jobs have ended.");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
