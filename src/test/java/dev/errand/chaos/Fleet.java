package dev.errand.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Several servers on one database, each started again whenever it was killed. */
final class Fleet implements AutoCloseable {
  private static final Duration LONGEST_START = Duration.ofMinutes(2);
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Path folder;
  private final Outside outside;
  private final Map<String, String> configuration;
  private final List<Life> current = new ArrayList<>();
  private final List<Integer> ports = new ArrayList<>();
  private final Set<Life> ready = ConcurrentHashMap.newKeySet();
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private int lives;
  private boolean closed;

  Fleet(Path folder, Outside outside, Map<String, String> configuration) {
    this.folder = folder;
    this.outside = outside;
    this.configuration = configuration;
  }

  /**
   * Starts servers, and waits until all have answered.
   *
   * @return what ends them and the database if the test is broken off, until it is removed
   */
  Thread start(int servers, CrashDatabase database) throws InterruptedException {
    Thread hook =
        new Thread(() -> Stream.<Runnable>of(this::close, database::close).forEach(Runnable::run));
    Runtime.getRuntime().addShutdownHook(hook);
    for (int i = 0; i < servers; i++) {
      add();
    }
    awaitAll();
    return hook;
  }

  private synchronized void add() {
    ports.add(freePort());
    current.add(live(current.size()));
  }

  /** Starts a server again that was ended. */
  synchronized void startAgain(Life ended) {
    int slot = current.indexOf(ended);
    if (!closed && slot >= 0) {
      current.set(slot, live(slot));
    }
  }

  /** A server that answers requests, any of them; none when all are down. */
  synchronized List<Life> answering() {
    return current.stream().filter(Life::isAlive).filter(ready::contains).toList();
  }

  /** A server to do something to: it answers, and doesn't stand still already. */
  Life victim(Random random) throws InterruptedException {
    long end = System.nanoTime() + LONGEST_START.toNanos();
    while (System.nanoTime() < end) {
      List<Life> victims = answering().stream().filter(life -> !life.isStopped()).toList();
      if (!victims.isEmpty()) {
        return victims.get(random.nextInt(victims.size()));
      }
      Thread.sleep(50);
    }
    throw new IllegalStateException("No server came up; their logs are in " + folder);
  }

  /** Waits until all have answered once. */
  void awaitAll() throws InterruptedException {
    long end = System.nanoTime() + LONGEST_START.toNanos();
    while (answering().size() < size()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("A server did not come up; the logs are in " + folder);
      }
      Thread.sleep(50);
    }
  }

  /** Lets all that stand still go on. */
  synchronized void allGoOn() {
    current.stream().filter(Life::isStopped).forEach(Life::goOn);
  }

  /** Sends a request with the session to one of the servers that answer; 0 when none did. */
  int put(Life life, String path, String body) throws InterruptedException {
    try {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(life.url() + path))
                  .header("Cookie", "sessionId=" + CrashIT.SESSION)
                  .header("Content-Type", "application/json")
                  .timeout(Duration.ofSeconds(3))
                  .PUT(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException e) {
      return 0;
    }
  }

  /** Sends a request to one of the servers that answer, whatever comes of it. */
  void post(String path, String body, int number) throws InterruptedException {
    List<Life> answering = answering();
    if (answering.isEmpty()) {
      return;
    }
    try {
      client.send(
          HttpRequest.newBuilder(URI.create(answering.get(number % answering.size()).url() + path))
              .header("Cookie", "sessionId=" + CrashIT.SESSION)
              .header("Content-Type", "application/json")
              .timeout(Duration.ofSeconds(3))
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.discarding());
    } catch (IOException e) {
      // The next round asks again.
    }
  }

  /** Starts a run, by one server after the other until one takes it. */
  void startRun(Workload.Task task, int run) throws InterruptedException {
    String path = task.path() + "/runs/" + nameOf(run);
    putUntilTaken(path, "{\"parameters\": {\"number\": \"" + run + "\"}}", run);
  }

  /**
   * Sends a request to one server after the other until one takes it: the database may just have
   * crashed.
   *
   * @param first the number of the server that is asked first, among those that answer
   */
  void putUntilTaken(String path, String body, int first) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      List<Life> answering = answering();
      for (int i = 0; i < answering.size(); i++) {
        int status = put(answering.get((first + i) % answering.size()), path, body);
        if (status == 200 || status == 201) {
          return;
        }
      }
      Thread.sleep(20);
    }
    throw new AssertionError("No server took " + path + " within " + PATIENCE);
  }

  /** The name of a run by its number. */
  static String nameOf(int run) {
    return "run-" + run;
  }

  private synchronized int size() {
    return current.size();
  }

  private Life live(int slot) {
    lives++;
    // 127.0.0.0/8 is all this machine: there is an address for each life.
    String address = "127.0." + (1 + lives / 250) + "." + (1 + lives % 250);
    outside.openAt(address);
    Life life =
        Life.start(
            folder, "server-" + slot + "-life-" + lives, ports.get(slot), address, configuration);
    outside.belongs(life);
    Thread.ofVirtual().start(() -> awaitReady(life));
    return life;
  }

  private void awaitReady(Life life) {
    HttpRequest probe =
        HttpRequest.newBuilder(URI.create(life.readyUrl())).timeout(Duration.ofSeconds(2)).build();
    try {
      while (life.isAlive() && !answers(probe)) {
        Thread.sleep(50);
      }
      ready.add(life);
      // One that ends by itself, such as when it can't reach the database at its start, is started
      // again by whoever runs it.
      life.awaitEnd();
      startAgain(life);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean answers(HttpRequest probe) throws InterruptedException {
    try {
      return client.send(probe, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    current.forEach(Life::kill);
  }
}
