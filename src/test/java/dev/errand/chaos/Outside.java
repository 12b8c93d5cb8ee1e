package dev.errand.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.errand.support.ScriptedModel;
import dev.errand.support.ScriptedModel.Answer;
import dev.errand.support.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The world that the servers reach: a scripted model and a web page. No two answers are the same,
 * so that what is written down tells which of them it was; and each life of a server asks at an
 * address of its own.
 */
final class Outside implements AutoCloseable {
  /** The name that all servers know it by. */
  static final String HOST = "outside.test";

  /** How the ids of calls end about which persons are asked, in tasks that ask. */
  static final String ASKED_ABOUT = "-call-0";

  // More than there ever are.
  private static final int ALL = 1_000_000;

  private final int port;
  private final int modelMs;
  private final Vendor vendor;
  private final List<Wire> wires = Wire.all();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<HttpServer> servers = new ArrayList<>();
  private final AtomicInteger answers = new AtomicInteger();
  private final AtomicInteger underWay = new AtomicInteger();
  private final Queue<ModelCall> modelCalls = new ConcurrentLinkedQueue<>();
  private final Map<Integer, Long> firstRequests = new ConcurrentHashMap<>();
  private volatile Semaphore gate = new Semaphore(ALL);
  private final Map<List<JsonNode>, List<Asked>> asked = new ConcurrentHashMap<>();
  private final Map<String, List<Asked>> fetched = new ConcurrentHashMap<>();
  private final Map<String, Life> lives = new ConcurrentHashMap<>();
  private final Queue<Notice> notices = new ConcurrentLinkedQueue<>();

  /**
   * A request that came.
   *
   * @param address the address that it came to
   * @param at when it had come, in nanoseconds of this machine
   * @param answer the number of the answer that it got
   */
  record Asked(String address, long at, int answer) {}

  /**
   * A request to the model that was answered.
   *
   * @param run the number of the run that it was for
   * @param asked when it came, and where
   * @param answeredAt the moment before the answer was sent, in nanoseconds of this machine
   */
  record ModelCall(int run, Asked asked, long answeredAt) {}

  /**
   * A notice that came.
   *
   * @param id of its delivery
   */
  record Notice(String id, String body) {}

  /**
   * Opens it.
   *
   * @param modelMs the most milliseconds that the model takes
   * @param vendor what answers the requests whose prompts are for it
   */
  Outside(int port, int modelMs, Vendor vendor) {
    this.vendor = vendor;
    this.port = port;
    this.modelMs = modelMs;
  }

  /** The base URL of the model, as tasks name it. */
  String modelUrl() {
    return "http://" + HOST + ":" + port + "/v1";
  }

  /** Where it takes notices, as channels name it. */
  String noticesUrl() {
    return "http://" + HOST + ":" + port + "/notices";
  }

  /** Is there at one more address. */
  void openAt(String address) {
    try {
      HttpServer server = HttpServer.create(new InetSocketAddress(address, port), 256);
      for (Wire wire : wires) {
        server.createContext("/v1" + wire.path(), exchange -> answer(address, wire, exchange));
      }
      server.createContext("/page/", exchange -> page(address, exchange));
      server.createContext("/notices", this::notice);
      server.setExecutor(threads);
      server.start();
      servers.add(server);
    } catch (IOException e) {
      throw new IllegalStateException("Nothing can listen at " + address + ":" + port, e);
    }
  }

  /** Whose address it is. */
  void belongs(Life life) {
    lives.put(life.address(), life);
  }

  /** The life that asked. */
  Life lifeOf(Asked request) {
    Life life = lives.get(request.address());
    if (life == null) {
      throw new IllegalStateException("Nobody was told of " + request.address());
    }
    return life;
  }

  /** How many requests have come. */
  int requests() {
    return answers.get();
  }

  /** How many requests the model has not answered. */
  int underWay() {
    return underWay.get();
  }

  /** The requests that the model answered. */
  List<ModelCall> modelCalls() {
    return List.copyOf(modelCalls);
  }

  /** When the model was first asked for each run, by the run's number. */
  Map<Integer, Long> firstRequests() {
    return firstRequests;
  }

  /** Lets the model answer nobody until it is let go; requests that came before wait as well. */
  void hold() {
    gate = new Semaphore(0);
  }

  /** Lets the model answer so many of the requests that it holds. */
  void letGo(int requests) {
    gate.release(requests);
  }

  /** Lets the model answer. */
  void letAllGo() {
    gate.release(ALL);
  }

  /** What the model was asked, by the conversation so far, each in order. */
  Map<List<JsonNode>, List<Asked>> asked() {
    return asked;
  }

  /** How often the page of each tool call was fetched, by the call's id. */
  Map<String, List<Asked>> fetched() {
    return fetched;
  }

  /** The notices that came, in order. */
  List<Notice> notices() {
    return List.copyOf(notices);
  }

  private void notice(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      notices.add(new Notice(exchange.getRequestHeaders().getFirst("webhook-id"), body));
      exchange.sendResponseHeaders(204, -1);
    }
  }

  private void answer(String address, Wire wire, HttpExchange exchange) throws IOException {
    JsonNode sent = wire.read(exchange.getRequestBody().readAllBytes());
    Answer refusal = wire.refusal(exchange.getRequestHeaders(), sent);
    if (refusal != null) {
      send(exchange, refusal.status(), "application/json", refusal.body());
      return;
    }
    JsonNode request = wire.request(sent);
    JsonNode messages = request.path("messages");
    if (vendor.takes(messages.path(0).path("content").asText())) {
      answers.incrementAndGet();
      Answer answer = vendor.answer(sent, request);
      pause(modelMs);
      Answer said = answer.status() == 200 ? wire.answer(sent, answer) : answer;
      send(exchange, said.status(), "application/json", said.body());
      return;
    }
    Asked now = came(address, asked, Conversation.of(messages));
    int number = now.answer();
    String prompt = messages.path(0).path("content").asText();
    int run = Integer.parseInt(prompt.substring(Conversation.PROMPT.length()));
    firstRequests.merge(run, now.at(), Math::min);
    underWay.incrementAndGet();
    int rounds = 0;
    for (JsonNode message : messages) {
      rounds += message.path("role").asText().equals("assistant") ? 1 : 0;
    }
    boolean isShort = run >= Conversation.SHORT_FROM;
    pause(isShort ? modelMs / 2 : modelMs);
    passGate();
    Answer answer;
    if (!isShort && rounds < 1 + run % 3) {
      List<List<String>> calls = new ArrayList<>();
      for (int call = 0; call <= (run + rounds) % 2; call++) {
        String id = "answer-" + number + "-call-" + call;
        String url = "http://" + HOST + ":" + port + "/page/" + id;
        calls.add(List.of(id, "fetch_fetch", "{\"url\":\"" + url + "\"}"));
      }
      answer = ScriptedModel.calls(calls);
    } else {
      answer = ScriptedModel.cut("answer-" + number);
    }
    underWay.decrementAndGet();
    // Before the answer is sent: after it, another run may have the slot already.
    modelCalls.add(new ModelCall(run, now, System.nanoTime()));
    send(exchange, 200, "application/json", wire.answer(sent, answer).body());
  }

  private void page(String address, HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    int number = came(address, fetched, path.substring("/page/".length())).answer();
    pause(modelMs / 4);
    send(exchange, 200, "text/html", "<p>answer-" + number + "</p>");
  }

  private <K> Asked came(String address, Map<K, List<Asked>> requests, K of) {
    List<Asked> same = requests.computeIfAbsent(of, key -> new ArrayList<>());
    // In the order of the list they have come, and in no other.
    synchronized (same) {
      Asked now = new Asked(address, System.nanoTime(), answers.incrementAndGet());
      same.add(now);
      return now;
    }
  }

  private void passGate() {
    try {
      gate.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pause(int most) {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextInt(most / 4, most));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    servers.forEach(server -> server.stop(0));
    threads.shutdownNow();
  }
}
