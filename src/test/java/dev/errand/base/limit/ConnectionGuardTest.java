package dev.errand.base.limit;

import static dev.errand.support.Api.SESSION;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Eventually;
import dev.errand.support.ShortWaits;
import dev.errand.support.SilentModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no proper request is refused by a problem document, and what never ends is ended. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = ShortWaits.class, scope = TestResourceScope.MATCHING_RESOURCES)
class ConnectionGuardTest {
  private static final String ME =
      "GET /api/users/~ HTTP/1.1\r\nHost: localhost\r\nCookie: sessionId=" + SESSION + "\r\n";

  @TestHTTPResource URI server;

  @Test
  void aHeadThatComesByteByByteIsRefused() throws Exception {
    try (RawConnection connection = new RawConnection(server)) {
      connection.send(ME);
      assertRefused(connection.trickle("X-Slow: ", 'a'), 408, "request_timeout");
      assertTrue(connection.isClosed());
    }
  }

  @Test
  void aHeadThatComesByteByByteIsRefusedAlsoBehindAnotherRequest() throws Exception {
    try (RawConnection connection = new RawConnection(server)) {
      connection.send(ME + "\r\n");
      assertTrue(connection.answer().startsWith("HTTP/1.1 200"));
      assertRefused(connection.trickle("GET /", 'a'), 408, "request_timeout");
      assertTrue(connection.isClosed());
    }
  }

  @Test
  void aConnectionThatSaysNothingIsClosed() throws Exception {
    try (RawConnection connection = new RawConnection(server)) {
      assertTrue(connection.isClosed());
    }
  }

  @Test
  void aConnectionThatSendsNoOtherRequestIsClosed() throws Exception {
    try (RawConnection connection = new RawConnection(server)) {
      connection.send(ME + "\r\n");
      assertTrue(connection.answer().startsWith("HTTP/1.1 200"));
      assertTrue(connection.isClosed());
    }
  }

  @Test
  void aClientThatTakesNoAnswersIsCutOff() throws Exception {
    String request = ME.replace("/api/users/~", "/q/openapi").concat("\r\n");
    try (RawConnection connection = new RawConnection(server)) {
      Eventually.await("the end of the connection", () -> connection.refuses(request));
    }
  }

  @Test
  void aClientThatSendsManyRequestsBeforeAnAnswerIsCutOff() throws Exception {
    String request = ME + "\r\n";
    try (RawConnection connection = new RawConnection(server)) {
      connection.send(request.repeat(16));
      for (int i = 0; i < 16; i++) {
        assertTrue(connection.answer().startsWith("HTTP/1.1 200"));
      }
    }
    try (RawConnection connection = new RawConnection(server)) {
      connection.send(request.repeat(100));
      Eventually.await("the end of the connection", () -> connection.refuses(request));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 100000", "Transfer-Encoding: chunked"})
  void aBodyThatComesByteByByteIsRefused(String length) throws Exception {
    try (RawConnection connection = new RawConnection(server)) {
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
    try (RawConnection connection = new RawConnection(server)) {
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
      try (RawConnection waiting = new RawConnection(server);
          RawConnection stream = new RawConnection(server)) {
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
    try (RawConnection connection = new RawConnection(server)) {
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
    try (RawConnection connection = new RawConnection(server)) {
      connection.send(ME + field + "\r\n\r\n");
      assertRefused(connection.answer(), 400, "invalid_input");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Host: other.example"
      })
  void whatAProxyMayReadInAnotherWayIsRefused(String field) throws Exception {
    try (RawConnection connection = new RawConnection(server)) {
      connection.send(ME + field + "\r\n\r\n" + ME + "\r\n");
      assertRefused(connection.answer(), 400, "invalid_input");
      assertTrue(connection.isClosed());
    }
    try (RawConnection connection = new RawConnection(server)) {
      connection.send(ME + "\r\n" + ME + field + "\r\n\r\n" + ME + "\r\n");
      // The first one may have been answered.
      assertFalse(connection.read("}HTTP/1.1 200"));
    }
  }

  @Test
  void requestsThatAreTooLongAreRefused() throws Exception {
    try (RawConnection connection = new RawConnection(server)) {
      connection.send(ME.replace("/api/users/~", "/api/users/~?a=" + "a".repeat(40_000)) + "\r\n");
      assertRefused(connection.answer(), 414, "address_too_long");
    }
    try (RawConnection connection = new RawConnection(server)) {
      connection.send(ME + "X-Long: " + "a".repeat(40_000) + "\r\n\r\n");
      assertRefused(connection.answer(), 431, "headers_too_large");
    }
  }

  @Test
  void anUpgradeToHttp2WithABodyIsPassedOver() throws Exception {
    try (RawConnection connection = new RawConnection(server)) {
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
    try (RawConnection connection = new RawConnection(server)) {
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
}
