package dev.errand.base.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.LogLines;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bodies that are packed, or damaged on their way. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class UnreadableBodiesTest {
  @Test
  void aChunkWithoutASizeIsAnErrorOfTheSender() throws IOException {
    for (String address : List.of("/oauth/register", "/oauth/token", "/sign-in")) {
      try (LogLines log = new LogLines(ProblemMapper.class);
          Socket socket = new Socket("localhost", RestAssured.port)) {
        socket.setSoTimeout(10_000);
        socket
            .getOutputStream()
            .write(
                ("POST "
                        + address
                        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type:"
                        + " application/x-www-form-urlencoded\r\nTransfer-Encoding:"
                        + " chunked\r\n\r\nzz\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        byte[] answer = new byte[4096];
        int read = socket.getInputStream().read(answer);
        String text = new String(answer, 0, Math.max(0, read), StandardCharsets.UTF_8);
        assertTrue(text.startsWith("HTTP/1.1 400 "), address + ": " + text);
        assertEquals(List.of(), log.lines().stream().filter(l -> l.contains("Incident")).toList());
      }
    }
  }
}
