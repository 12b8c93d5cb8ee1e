package dev.errand.base.http;

import static dev.errand.support.Api.api;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.error.ErrorCode;
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
  private static final List<String> OF_OAUTH =
      List.of("/oauth/token", "/oauth/revoke", "/oauth/register");

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

  @Test
  void packedBodiesAreRefused() {
    for (String encoding : List.of("gzip", "deflate", "br", "gzip, gzip", "identity, gzip")) {
      api()
          .header("Content-Encoding", encoding)
          .body("{}")
          .post("/api/profiles/~/packed")
          .then()
          .statusCode(415)
          .header("Accept-Encoding", "identity")
          .body("code", equalTo("unsupported_media_type"))
          .body("detail", containsString("no Content-Encoding is taken but identity"));
      for (String address : OF_OAUTH) {
        given()
            .header("Content-Encoding", encoding)
            .contentType("application/x-www-form-urlencoded")
            .body("a=b")
            .post(address)
            .then()
            .statusCode(415)
            .contentType(startsWith("application/json"))
            .body("error", equalTo("invalid_request"))
            .body("error_description", containsString("identity"));
      }
    }
    api()
        .header("Content-Encoding", "identity")
        .body("{}")
        .post("/api/profiles/~/packed")
        .then()
        .statusCode(201);
    api().delete("/api/profiles/~/packed").then().statusCode(204);
  }

  @Test
  void whatOAuthDoesNotTakeIsAnsweredInItsForm() {
    for (String address : OF_OAUTH) {
      given()
          .contentType("application/x-www-form-urlencoded")
          .body("a".repeat(70_000))
          .post(address)
          .then()
          .statusCode(413)
          .contentType(startsWith("application/json"))
          .body("error", equalTo("invalid_request"))
          .body("error_description", containsString("65536 bytes"));
    }
    for (String address : OF_OAUTH.subList(0, 2)) {
      given()
          .contentType("application/json")
          .body("{}")
          .post(address)
          .then()
          .statusCode(415)
          .contentType(startsWith("application/json"))
          .header("Cache-Control", "no-store")
          .body("error", equalTo("invalid_request"))
          .body("error_description", containsString("application/x-www-form-urlencoded"));
    }
    assertEquals(
        new OAuthError("temporarily_unavailable", "Later."),
        OAuthError.of(Problem.of(ErrorCode.UNAVAILABLE, "Later.", List.of())));
  }
}
