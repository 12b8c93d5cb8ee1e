package dev.errand.base.http.limit;

import static dev.errand.support.Api.SESSION;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.ShortWaits;
import dev.errand.support.SilentModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no proper request is refused by a problem document, and what never ends is ended. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(ShortWaits.class)
class ConnectionGuardTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final String ME =
      "GET /api/users/~ HTTP/1.1\r\nHost: localhost\r\nCookie: sessionId=" + SESSION + "\r\n";

  @TestHTTPResource URI server;

  @Test
  void aHeadThatComesByteByByteIsRefused() throws Exception {
    try (Connection connection = new Connection()) {
      connection.send(ME);
      assertRefused(connection.trickle("X-Slow: ", 'a'), 408, "request_timeout");
      assertTrue(connection.isClosed());
    }
  }

  @Test
  void aHeadThatComesByteByByteIsRefusedAlsoBehindAnotherRequest() throws Exception {
    try (Connection connection = new Connection()) {
      connection.send(ME + "\r\n");
      assertTrue(connection.answer().startsWith("HTTP/1.1 200"));
      assertRefused(connection.trickle("GET /", 'a'), 408, "request_timeout");
      assertTrue(connection.isClosed());
    }
  }

  @Test
  void aConnectionThatSaysNothingIsClosed() throws Exception {
    try (Connection connection = new Connection()) {
      assertTrue(connection.isClosed());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 100000", "Transfer-Encoding: chunked"})
  void aBodyThatComesByteByByteIsRefused(String length) throws Exception {
    try (Connection connection = new Connection()) {
      connection.send(
          "PUT "
              + TASKS
              + "/slow HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nCookie:"
              + " sessionId="
              + SESSION
              + "\r\n"
              + length
              + "\r\n\r\n");
      String piece = length.contains("chunked") ? "1\r\n{\r\n" : "{";
      assertRefused(
          connection.trickle(piece, length.contains("chunked") ? '0' : ' '),
          408,
          "request_timeout");
      assertTrue(connection.isClosed());
    }
  }

  @Test
  void anUnreadBodyDoesNotKeepTheConnectionOpen() throws Exception {
    try (Connection connection = new Connection()) {
      connection.send(
          "PUT " + TASKS + "/slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n");
      assertTrue(connection.answer().startsWith("HTTP/1.1 401"));
      connection.trickle(" ", ' ');
      assertTrue(connection.isClosed());
    }
  }

  @Test
  void anAnswerMayTakeAsLongAsItTakes() throws Exception {
    try (SilentModel model = new SilentModel()) {
      register("patient", "Hello", model.url(), Map.of("key", "sk-a-key-for-tests-1234"));
      trigger("patient", "r", Map.of()).then().statusCode(201);
      // Their time begins when they are opened.
      try (Connection waiting = new Connection();
          Connection stream = new Connection()) {
        String run = "/runs/r";
        // With a line break that belongs to no request, as old clients send it behind a body.
        waiting.send(
            ME.replace("/api/users/~", TASKS + "/patient" + run + "?wait=" + 3 * ShortWaits.SECONDS)
                + "\r\n\r\n");
        stream.send(ME.replace("/api/users/~", TASKS + "/patient" + run + "/events") + "\r\n");
        assertTrue(stream.read("event:entry"));
        String answer = waiting.answer();
        assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
        assertTrue(answer.contains("\"status\":\"running\""), answer);
        // The connection stays usable, and so does the stream, which reports the end.
        waiting.send(ME + "\r\n");
        assertTrue(waiting.answer().startsWith("HTTP/1.1 200"));
        api().post(TASKS + "/patient/runs/r/cancel").then().statusCode(200);
        assertTrue(stream.read("event:end"));
      }
      api().delete(TASKS + "/patient?force=true").then().statusCode(204);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/users/~%zz",
        "/api/users/%",
        "/api/users/%e",
        "/api/users/~?a=%zz",
        "/hooks/%zz",
        "/nowhere/%zz"
      })
  void anAddressThatIsNotEncodedIsRefused(String path) throws Exception {
    try (Connection connection = new Connection()) {
      connection.send(ME.replace("/api/users/~", path) + "\r\n");
      assertRefused(connection.answer(), 400, "invalid_input");
      assertTrue(connection.isClosed());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "X-Odd: a\u0001b",
    "X-Odd: a\u0000b",
    "X-Odd\u0007: a",
    "X Odd: a",
    "Content-Length: abc",
    "Content-Length: -1",
  })
  void aFieldThatIsNoneIsRefused(String field) throws Exception {
    try (Connection connection = new Connection()) {
      connection.send(ME + field + "\r\n\r\n");
      assertRefused(connection.answer(), 400, "invalid_input");
    }
  }

  @Test
  void requestsThatAreTooLongAreRefused() throws Exception {
    try (Connection connection = new Connection()) {
      connection.send(ME.replace("/api/users/~", "/api/users/~?a=" + "a".repeat(40_000)) + "\r\n");
      assertRefused(connection.answer(), 414, "address_too_long");
    }
    try (Connection connection = new Connection()) {
      connection.send(ME + "X-Long: " + "a".repeat(40_000) + "\r\n\r\n");
      assertRefused(connection.answer(), 431, "headers_too_large");
    }
  }

  @Test
  void anUpgradeToHttp2WithABodyIsPassedOver() throws Exception {
    try (Connection connection = new Connection()) {
      connection.send(
          "POST /api/profiles/~/default/tasks/none/preview HTTP/1.1\r\n"
              + "Host: localhost\r\n"
              + "Cookie: sessionId="
              + SESSION
              + "\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
              + "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n"
              + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
      assertRefused(connection.answer(), 404, "task_not_found");
    }
  }

  @Test
  void severalRequestsInOneGoAreAnsweredInOrder() throws Exception {
    try (Connection connection = new Connection()) {
      connection.send((ME + "\r\n").repeat(3) + ME.replace("~", "%zz") + "\r\n");
      for (int i = 0; i < 3; i++) {
        assertTrue(connection.answer().startsWith("HTTP/1.1 200"));
      }
      assertTrue(connection.answer().startsWith("HTTP/1.1 400"));
    }
    api().get("/api/users/~").then().body("username", equalTo("admin"));
  }

  private static void assertRefused(String answer, int status, String code) {
    assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
    assertTrue(
        answer.toLowerCase(Locale.ROOT).contains("content-type: application/problem+json"), answer);
    assertTrue(answer.contains("\"code\":\"" + code + "\""), answer);
    assertFalse(answer.contains(SESSION), answer);
    assertEquals(answer.indexOf("HTTP/1.1"), answer.lastIndexOf("HTTP/1.1"), answer);
  }

  /** A client that sends what it is told to, and gives up after a while. */
  private final class Connection implements AutoCloseable {
    private static final int PACE_MS = 200;

    private final Socket socket = new Socket(server.getHost(), server.getPort());
    private final long end = System.nanoTime() + PATIENCE.toNanos();

    Connection() throws IOException {
      socket.setSoTimeout(PACE_MS);
    }

    void send(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends a start, and then the same byte again and again until an answer comes. */
    String trickle(String start, char more) throws IOException {
      String text = start;
      while (System.nanoTime() < end) {
        try {
          send(text);
          int first = socket.getInputStream().read();
          return first < 0 ? "" : (char) first + answer();
        } catch (SocketTimeoutException e) {
          text = String.valueOf(more);
        } catch (SocketException e) {
          return "";
        }
      }
      throw new AssertionError("nothing came within " + PATIENCE);
    }

    /** One answer that says its length. */
    String answer() throws IOException {
      StringBuilder answer = new StringBuilder();
      int length = -1;
      while (System.nanoTime() < end) {
        try {
          int next = socket.getInputStream().read();
          if (next < 0) {
            return answer.toString();
          }
          answer.append((char) next);
          int head = answer.indexOf("\r\n\r\n");
          if (head >= 0 && length < 0) {
            length = head + 4 + lengthIn(answer.substring(0, head));
          }
          if (answer.length() == length) {
            return answer.toString();
          }
        } catch (SocketTimeoutException e) {
          // It may still come.
        }
      }
      throw new AssertionError("no answer within " + PATIENCE + ", but " + answer);
    }

    private static int lengthIn(String head) {
      for (String line : head.lines().toList()) {
        if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
          return Integer.parseInt(line.substring("content-length:".length()).strip());
        }
      }
      return 0;
    }

    /** Reads until a text has come. */
    boolean read(String text) throws IOException {
      StringBuilder all = new StringBuilder();
      while (System.nanoTime() < end && all.indexOf(text) < 0) {
        try {
          int next = socket.getInputStream().read();
          if (next < 0) {
            return false;
          }
          all.append((char) next);
        } catch (SocketTimeoutException e) {
          // It may still come.
        }
      }
      return all.indexOf(text) >= 0;
    }

    boolean isClosed() throws IOException {
      while (System.nanoTime() < end) {
        try {
          if (socket.getInputStream().read() < 0) {
            return true;
          }
        } catch (SocketTimeoutException e) {
          // It is still open.
        } catch (SocketException e) {
          return true;
        }
      }
      return false;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
