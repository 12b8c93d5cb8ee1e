package dev.errand.app.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Eventually;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What the ports of a process answer while it migrates. */
class MigratingAnswersTest {
  @Test
  void aMigratingProcessIsAliveAndNeitherStartedNorReady() throws Exception {
    InetSocketAddress address = free();
    try (MigratingAnswers _ = MigratingAnswers.at(address, true, () -> true).orElseThrow();
        HttpClient client = HttpClient.newHttpClient()) {
      assertEquals(200, get(client, address, "/q/health/live").statusCode());
      for (String probe : new String[] {"/q/health/started", "/q/health/ready", "/q/health"}) {
        HttpResponse<String> answer = get(client, address, probe);
        assertEquals(503, answer.statusCode(), probe);
        assertTrue(answer.body().contains("\"migrating\": true"), answer::body);
      }
      assertIsAProblem(get(client, address, "/api/users/~"));
      assertIsAProblem(get(client, address, "/q/healthy"));
    }
  }

  @Test
  void whoeverComesNextGetsThePortAtOnce() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (int round = 0; round < 20; round++) {
        InetSocketAddress address = free();
        try (MigratingAnswers _ = MigratingAnswers.at(address, true, () -> true).orElseThrow()) {
          assertEquals(200, get(client, address, "/q/health/live").statusCode());
        }
        try (ServerSocket next = new ServerSocket()) {
          next.bind(address);
        }
      }
    }
  }

  @Test
  void aRequestThatComesWhileThePortIsReleasedIsAnswered() throws Exception {
    InetSocketAddress address = free();
    MigratingAnswers answers = MigratingAnswers.at(address, true, () -> true).orElseThrow();
    try (Socket socket = new Socket();
        HttpClient client = HttpClient.newHttpClient()) {
      socket.connect(address);
      socket.getOutputStream().write("GET /api/users/~ HTTP/1.1\r\n".getBytes(UTF_8));
      // Connections are accepted in their order.
      assertEquals(200, get(client, address, "/q/health/live").statusCode());
      Thread closing = Thread.ofVirtual().start(answers::close);
      Eventually.await("a port that is released", () -> !isOpen(address));
      socket.getOutputStream().write("\r\n".getBytes(UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertTrue(answer.startsWith("HTTP/1.1 503 "), answer);
      closing.join();
    }
  }

  @Test
  void whoeverHasConnectedBeforeThePortIsReleasedIsAnswered() throws Exception {
    InetSocketAddress address = free();
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch connected = new CountDownLatch(1);
    MigratingAnswers answers =
        MigratingAnswers.at(
                address,
                true,
                () -> {
                  busy.countDown();
                  return await(connected);
                })
            .orElseThrow();
    List<Socket> callers = new ArrayList<>();
    try {
      // While it looks whether the database is reached, it accepts nobody.
      callers.add(caller(address, "/q/health/ready"));
      busy.await();
      // More than it accepts at a time.
      for (int caller = 0; caller < 100; caller++) {
        callers.add(caller(address, "/q/health/live"));
      }
      Thread closing = Thread.ofPlatform().start(answers::close);
      Eventually.await("a close that waits", () -> closing.getState() == Thread.State.WAITING);
      connected.countDown();
      for (Socket caller : callers) {
        String answer = new String(caller.getInputStream().readAllBytes(), UTF_8);
        assertTrue(answer.startsWith("HTTP/1.1 "), answer);
      }
      closing.join();
    } finally {
      for (Socket caller : callers) {
        caller.close();
      }
    }
  }

  private static boolean await(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Socket caller(InetSocketAddress address, String path) throws IOException {
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket
        .getOutputStream()
        .write(("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(UTF_8));
    return socket;
  }

  private static boolean isOpen(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void aDatabaseThatHasNotAnsweredIsNotSaidToBeMigrated() throws Exception {
    InetSocketAddress address = free();
    try (MigratingAnswers _ = MigratingAnswers.at(address, true, () -> false).orElseThrow();
        HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = get(client, address, "/q/health/ready");
      assertEquals(503, answer.statusCode());
      assertTrue(answer.body().contains("\"reached\": false"), answer::body);
      assertFalse(answer.body().contains("migrating"), answer::body);
    }
  }

  @Test
  void withAManagementPortTheOtherPortAnswersNoProbes() throws Exception {
    InetSocketAddress address = free();
    try (MigratingAnswers _ = MigratingAnswers.at(address, false, () -> true).orElseThrow();
        HttpClient client = HttpClient.newHttpClient()) {
      assertIsAProblem(get(client, address, "/q/health/live"));
    }
  }

  @Test
  void noRequestOutlastsTheEndOfTheAnswers() throws Exception {
    for (int round = 0; round < 200; round++) {
      InetSocketAddress address = free();
      try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<Boolean>> ends = new ArrayList<>();
        try (MigratingAnswers _ = MigratingAnswers.at(address, true, () -> true).orElseThrow()) {
          CountDownLatch connected = new CountDownLatch(1);
          for (int caller = 0; caller < 8; caller++) {
            ends.add(callers.submit(() -> isAnsweredOrClosed(address, connected)));
          }
          connected.await();
        }
        for (Future<Boolean> end : ends) {
          assertTrue(end.get(), "a request waits for an answer, and nobody is there");
        }
      }
    }
  }

  // Asks again and again, until nobody is there.
  private static boolean isAnsweredOrClosed(InetSocketAddress address, CountDownLatch connected) {
    while (true) {
      try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
        connected.countDown();
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(UTF_8));
        boolean _ = socket.getInputStream().readAllBytes().length > 0;
      } catch (SocketTimeoutException e) {
        return false;
      } catch (IOException e) {
        if (e instanceof ConnectException) {
          return true;
        }
      }
    }
  }

  @Test
  void aPortInUseIsSkipped() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), taken.getLocalPort());
      assertTrue(MigratingAnswers.at(address, true, () -> true).isEmpty());
    }
  }

  private static void assertIsAProblem(HttpResponse<String> answer) {
    assertEquals(503, answer.statusCode());
    assertEquals("5", answer.headers().firstValue("Retry-After").orElse(""));
    assertEquals(
        "application/problem+json", answer.headers().firstValue("Content-Type").orElse(""));
    assertTrue(answer.body().contains("\"code\": \"unavailable\""), answer::body);
  }

  private static HttpResponse<String> get(HttpClient client, InetSocketAddress at, String path)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at.getPort() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static InetSocketAddress free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
    }
  }
}
