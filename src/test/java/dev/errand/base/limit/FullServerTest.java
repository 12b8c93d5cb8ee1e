package dev.errand.base.limit;

import static dev.errand.support.Api.SESSION;
import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.SilentModel;
import dev.errand.support.SmallLimits;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that only wait for their client make room for others. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = SmallLimits.class, scope = TestResourceScope.MATCHING_RESOURCES)
class FullServerTest {
  private static final String ME =
      "GET /api/users/~ HTTP/1.1\r\nHost: localhost\r\nCookie: sessionId=" + SESSION + "\r\n";
  private static final String WHOLE = ME + "\r\n";
  private static final int CROWD = 2 * SmallLimits.CONNECTIONS;

  @TestHTTPResource URI server;

  private final List<RawConnection> crowd = new ArrayList<>();

  @AfterEach
  void closeTheCrowd() throws IOException {
    for (RawConnection connection : crowd) {
      connection.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "GET /api/none HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /api/none HTTP/1.1\r\nHost: localh",
        "POST /api/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: 100\r\n\r\n{"
      })
  void aNewcomerIsAnsweredHoweverManyOnlyWait(String sent) throws Exception {
    crowdIn(sent, InetAddress.getLoopbackAddress());
    assertAnswered();
    assertAnswered();
  }

  @Test
  void whatIsAnsweredStays() throws Exception {
    try (SilentModel model = new SilentModel()) {
      register("watched", "Hello", model.url(), Map.of("key", "sk-a-key-for-tests-1234"));
      trigger("watched", "r", Map.of()).then().statusCode(201);
      String run = TASKS + "/watched/runs/r";
      try (RawConnection waiting = new RawConnection(server);
          RawConnection stream = new RawConnection(server)) {
        waiting.send(WHOLE.replace("/api/users/~", run + "?wait=60"));
        stream.send(WHOLE.replace("/api/users/~", run + "/events"));
        assertTrue(stream.read("event:entry"));
        crowdIn(WHOLE, InetAddress.getLoopbackAddress());
        assertAnswered();
        api().post(run + "/cancel").then().statusCode(200);
        assertTrue(stream.read("event:end"));
        String answer = waiting.answer();
        assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
      }
      api().delete(TASKS + "/watched?force=true").then().statusCode(204);
    }
  }

  // Other systems have one address of their own.
  @Test
  @EnabledOnOs(OS.LINUX)
  void theAddressThatHasTheMostLosesThem() throws Exception {
    try (RawConnection quiet = new RawConnection(server)) {
      quiet.send(WHOLE);
      assertTrue(quiet.answer().startsWith("HTTP/1.1 200"));
      crowdIn(WHOLE, InetAddress.getByName("127.0.0.2"));
      assertAnswered();
      quiet.send(WHOLE);
      assertTrue(quiet.answer().startsWith("HTTP/1.1 200"));
    }
  }

  private void crowdIn(String sent, InetAddress from) throws IOException {
    for (int i = 0; i < CROWD; i++) {
      RawConnection connection = new RawConnection(server, from);
      crowd.add(connection);
      try {
        connection.send(sent);
        if (sent.endsWith("\r\n\r\n")) {
          connection.answer();
        }
      } catch (SocketException e) {
        // It was closed for another one, or refused.
      }
    }
  }

  private void assertAnswered() throws IOException {
    try (RawConnection newcomer = new RawConnection(server)) {
      newcomer.send(WHOLE);
      String answer = newcomer.answer();
      assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
    }
  }
}
