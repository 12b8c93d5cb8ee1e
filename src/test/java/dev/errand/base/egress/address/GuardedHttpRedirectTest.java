package dev.errand.base.egress.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.egress.client.Door;
import dev.errand.base.egress.client.GuardedHttp;
import dev.errand.base.egress.client.GuardedHttpTest;
import dev.errand.base.egress.client.TestServer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class GuardedHttpRedirectTest {

  private static final Map<String, String> SECRETS =
      Map.of(
          "Authorization", "Bearer s3cret",
          "Cookie", "a=s3cret",
          "X-Api-Key", "s3cret",
          "Accept", "text/plain");

  private final Door door =
      new Door("127.0.0.1").name("site.test", "127.0.0.1").name("other.test", "127.0.0.1");

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void aRedirectIsFollowedToItsEnd() throws Exception {
    try (TestServer server = following("/end?x=1")) {
      GuardedHttp.Answer answer = door.get(at("site.test", server, "/start"));

      assertEquals("end", GuardedHttpTest.text(answer));
      assertEquals(at("site.test", server, "/end?x=1"), answer.url().toString());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "301, POST, GET, ''",
    "302, PUT, GET, ''",
    "303, POST, GET, ''",
    "303, HEAD, HEAD, ''",
    "307, POST, POST, body",
    "308, PATCH, PATCH, body"
  })
  void theMethodAfterARedirectFollowsItsStatus(int status, String before, String after, String body)
      throws Exception {
    try (TestServer server =
        TestServer.running(
            (request, _, out) ->
                GuardedHttpTest.write(
                    out,
                    request.contains(" /end ")
                        ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                        : TestServer.redirect(status, "/end")))) {
      door.send(
          before, at("site.test", server, "/start"), Map.of("Content-Type", "text/x"), "body");

      String last = server.requests().getLast();
      assertTrue(last.startsWith(after + " /end HTTP/1.1\r\n"));
      if (!after.equals("HEAD")) {
        assertTrue(last.endsWith("\r\n\r\n" + body));
        assertEquals(!body.isEmpty(), last.contains("content-type: text/x"));
      }
    }
  }

  @Test
  void moreThanFiveRedirectsAreTooMany() throws Exception {
    try (TestServer server = TestServer.redirecting(302, "/again?key=secret")) {
      IOException failed =
          assertThrows(IOException.class, () -> door.get(at("site.test", server, "/")));

      assertTrue(Door.sentence(failed).contains("redirects more than 5 times"));
      assertFalse(Door.sentence(failed).contains("secret"));
      assertEquals(6, server.requests().size());
    }
  }

  @Test
  void aRedirectToAnotherOriginDropsEveryHeaderThatMayBeASecret() throws Exception {
    try (TestServer end = TestServer.answering(TestServer.ok("end"));
        TestServer start = TestServer.redirecting(307, at("other.test", end, "/"))) {
      door.send("GET", at("site.test", start, "/"), SECRETS, "");

      assertTrue(start.requests().getFirst().contains("s3cret"));
      assertFalse(end.requests().getFirst().contains("s3cret"));
      assertTrue(end.requests().getFirst().contains("accept: text/plain"));
    }
  }

  @Test
  void anotherPortIsAnotherOrigin() throws Exception {
    try (TestServer end = TestServer.answering(TestServer.ok("end"));
        TestServer start = TestServer.redirecting(302, at("site.test", end, "/"))) {
      door.send("GET", at("site.test", start, "/"), SECRETS, "");

      assertFalse(end.requests().getFirst().contains("s3cret"));
    }
  }

  @Test
  void aRedirectWithinTheOriginKeepsTheHeaders() throws Exception {
    try (TestServer server = following("/end")) {
      door.send("GET", at("site.test", server, "/"), SECRETS, "");

      assertTrue(server.requests().getLast().contains("authorization: Bearer s3cret"));
    }
  }

  @Test
  void aRedirectToAHostThatWasNotGrantedIsRefused() throws Exception {
    try (TestServer end = TestServer.answering(TestServer.ok("end"));
        TestServer start = TestServer.redirecting(302, at("other.test", end, "/"))) {
      assertThrows(
          EgressRefusedException.class,
          () -> door.send(Door.get(at("site.test", start, "/"), List.of("site.test"))));

      assertEquals(List.of(), end.requests());
    }
  }

  @Test
  void aNameThatTurnsPrivateBetweenRedirectsIsNotCalledAgain() throws Exception {
    door.name("rebind.test", "127.0.0.1").name("rebind.test", "127.0.0.2");
    try (TestServer server = TestServer.redirecting(302, "/again")) {
      assertThrows(EgressRefusedException.class, () -> door.get(at("rebind.test", server, "/")));

      assertEquals(1, server.requests().size());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.2/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.2]/",
        "http://2130706434/",
        "http://0x7f.2/",
        "//10.0.0.1/",
        "ftp://site.test/",
        "file:///etc/passwd",
        "http://user:pass@site.test/",
        "http://site.test:22/",
        "http://site.test\\@10.0.0.1/"
      })
  void aRedirectGoesThroughAllChecks(String location) throws Exception {
    // Freed on the server's own port alone, so that every other port and address keeps its rules.
    try (TestServer start = TestServer.redirecting(302, location);
        Door narrow = new Door("127.0.0.1:" + start.port()).name("site.test", "127.0.0.1")) {
      assertThrows(EgressRefusedException.class, () -> narrow.get(at("site.test", start, "/")));
    }
  }

  @Test
  void aLocationInRawUtf8IsUnderstood() throws Exception {
    // The bytes of "/end-ü", as a server that sends UTF-8 puts them on the wire.
    try (TestServer server = following("/end-\u00c3\u00bc")) {
      door.get(at("site.test", server, "/"));

      assertTrue(server.requests().getLast().startsWith("GET /end-%C3%BC "));
    }
  }

  @Test
  void aRedirectStatusWithoutLocationIsTheAnswer() throws Exception {
    try (TestServer server =
        TestServer.answering("HTTP/1.1 302 Found\r\nContent-Length: 2\r\n\r\nhm")) {
      assertEquals("hm", GuardedHttpTest.text(door.get(at("site.test", server, "/"))));
    }
  }

  @Test
  void theBodyOfARedirectIsNotWaitedFor() throws Exception {
    try (TestServer server =
        TestServer.running(
            (request, in, out) -> {
              if (request.contains(" /end ")) {
                GuardedHttpTest.write(out, TestServer.ok("end"));
                return;
              }
              GuardedHttpTest.write(
                  out, "HTTP/1.1 302 Found\r\nLocation: /end\r\nContent-Length: 9999999\r\n\r\n");
              TestServer.untilCut(in);
            })) {
      assertEquals("end", GuardedHttpTest.text(door.get(at("site.test", server, "/"))));
      server.awaitCut();
    }
  }

  private static TestServer following(String location) throws IOException {
    return TestServer.running(
        (request, _, out) ->
            GuardedHttpTest.write(
                out,
                request.contains(" /end")
                    ? TestServer.ok("end")
                    : TestServer.redirect(302, location)));
  }

  private static String at(String host, TestServer server, String path) {
    return "http://%s:%d%s".formatted(host, server.port(), path);
  }
}
