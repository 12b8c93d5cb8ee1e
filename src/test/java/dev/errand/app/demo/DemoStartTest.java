package dev.errand.app.demo;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.app.boot.ServiceStarted;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a start in development prints at its end can be used as it is. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(DemoStartTest.Development.class)
class DemoStartTest {
  private static final Pattern SESSION = Pattern.compile("with the session (\\S+) ");

  @Inject Event<ServiceStarted> started;

  /** As in development. */
  public static final class Development implements QuarkusTestProfile {
    @Override
    public String getConfigProfile() {
      return "dev";
    }

    // There the port is known before the start.
    @Override
    public Map<String, String> getConfigOverrides() {
      try (ServerSocket free = new ServerSocket(0)) {
        String port = Integer.toString(free.getLocalPort());
        return Map.of("quarkus.http.port", port, "quarkus.http.test-port", port);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void theSessionIsPrintedAsItIs() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      started.fire(new ServiceStarted());
    } finally {
      System.setOut(before);
    }
    String line = printed.toString(StandardCharsets.UTF_8);
    Matcher session = SESSION.matcher(line);

    assertTrue(session.find(), line);
    assertTrue(line.contains("sessionId=" + session.group(1) + "'"), line);
    given()
        .cookie("sessionId", session.group(1))
        .get("/api/profiles/~/default/tasks/hello")
        .then()
        .statusCode(200);
  }
}
