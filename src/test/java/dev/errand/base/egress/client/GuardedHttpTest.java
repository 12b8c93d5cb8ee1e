package dev.errand.base.egress.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.egress.address.EgressRefusedException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
public class GuardedHttpTest {

  private final Door door = new Door("127.0.0.1").name("site.test", "127.0.0.1");

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void anAnswerIsReadWhole() throws Exception {
    try (TestServer server =
        TestServer.answering(
            "HTTP/1.1 201 Made\r\nX-Two: a\r\nx-two: b\r\nContent-Length: 5\r\n\r\nhello")) {
      GuardedHttp.Answer answer = door.get("http://site.test:%d/a?b=c#d".formatted(server.port()));

      assertEquals(201, answer.status());
      assertEquals("hello", text(answer));
      assertEquals(List.of("a", "b"), answer.headers().get("x-two"));
      assertEquals("http://site.test:%d/a?b=c".formatted(server.port()), answer.url().toString());
    }
  }

  @Test
  void theServerGetsTheHostNameThoughTheAddressIsCalled() throws Exception {
    try (TestServer server = TestServer.answering(TestServer.ok(""))) {
      door.get("http://SITE.test.:%d/x".formatted(server.port()));

      String request = server.requests().getFirst().toLowerCase(Locale.ROOT);
      assertTrue(request.startsWith("get /x http/1.1\r\n"));
      assertTrue(request.contains("\r\nhost: site.test:%d\r\n".formatted(server.port())));
      assertTrue(request.contains("\r\nuser-agent: errand\r\n"));
      assertTrue(request.contains("\r\nconnection: close\r\n"));
    }
  }

  @Test
  void methodHeadersAndBodyAreSent() throws Exception {
    try (TestServer server = TestServer.answering(TestServer.ok("done"))) {
      door.send(
          "post",
          "http://site.test:%d/".formatted(server.port()),
          Map.of("User-Agent", "mine", "X-Key", "k"),
          "grüße");

      String request = server.requests().getFirst();
      assertTrue(request.startsWith("POST / HTTP/1.1\r\n"));
      assertTrue(request.contains("\r\nuser-agent: mine\r\n"));
      assertTrue(request.contains("\r\nx-key: k\r\n"));
      assertTrue(request.endsWith("\r\n\r\ngrüße"));
    }
  }

  @Test
  void aPostWithoutBodySaysSo() throws Exception {
    try (TestServer server = TestServer.answering(TestServer.ok(""))) {
      door.send("POST", "http://site.test:%d/".formatted(server.port()), Map.of(), "");

      assertTrue(server.requests().getFirst().contains("content-length: 0\r\n"));
    }
  }

  @Test
  void theAnswerToAHeadHasNoBody() throws Exception {
    try (TestServer server =
        TestServer.answering(
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 99\r\n\r\n")) {
      GuardedHttp.Answer answer =
          door.send("HEAD", "http://site.test:%d/".formatted(server.port()), Map.of(), "");

      assertEquals(0, answer.body().length);
      assertEquals(List.of("99"), answer.headers().get("content-length"));
    }
  }

  @Test
  void noCookieIsKeptForTheNextCall() throws Exception {
    try (TestServer server =
        TestServer.answering("HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n")) {
      door.get("http://site.test:%d/".formatted(server.port()));
      door.get("http://site.test:%d/".formatted(server.port()));

      assertFalse(server.requests().getLast().toLowerCase(Locale.ROOT).contains("cookie"));
    }
  }

  @Test
  void everyCallHasAConnectionOfItsOwn() throws Exception {
    try (TestServer server =
        TestServer.running(
            (_, in, out) -> {
              write(out, TestServer.ok("x"));
              TestServer.untilCut(in);
            })) {
      door.get("http://site.test:%d/".formatted(server.port()));
      server.awaitCut();
      door.get("http://site.test:%d/".formatted(server.port()));

      assertEquals(2, server.requests().size());
    }
  }

  @Test
  void twoNamesOfOneAddressAreDistinguished() throws Exception {
    door.name("other.test", "127.0.0.1");
    try (TestServer server = TestServer.answering(TestServer.ok(""))) {
      door.get("http://site.test:%d/".formatted(server.port()));
      door.get("http://other.test:%d/".formatted(server.port()));

      assertTrue(server.requests().getFirst().contains("site.test"));
      assertTrue(server.requests().getLast().contains("other.test"));
    }
  }

  @Test
  void theNextAddressIsTriedWhenOneDoesNotConnect() throws Exception {
    try (Door twice = new Door("127.0.0.0/8").name("twice.test", "127.0.0.2", "127.0.0.1");
        TestServer server = TestServer.answering(TestServer.ok("second"))) {
      assertEquals("second", text(twice.get("http://twice.test:%d/".formatted(server.port()))));
    }
  }

  @Test
  void anAddressThatMayNotBeCalledIsPassedOver() throws Exception {
    door.name("mixed.test", "127.0.0.2", "127.0.0.1");
    try (TestServer server = TestServer.answering(TestServer.ok("allowed"));
        TestServer hidden =
            TestServer.on("127.0.0.2", server.port(), (_, _, out) -> write(out, "hidden"))) {
      assertEquals("allowed", text(door.get("http://mixed.test:%d/".formatted(server.port()))));
      assertEquals(List.of(), hidden.requests());
    }
  }

  @Test
  void aNameThatTurnsPrivateAfterTheCheckIsNotCalled() throws Exception {
    door.name("rebind.test", "127.0.0.1").name("rebind.test", "127.0.0.2");
    try (TestServer server = TestServer.answering(TestServer.ok("checked"));
        TestServer hidden =
            TestServer.on("127.0.0.2", server.port(), (_, _, out) -> write(out, "hidden"))) {
      assertEquals("checked", text(door.get("http://rebind.test:%d/".formatted(server.port()))));
      assertEquals(List.of("rebind.test"), door.lookups());
      assertThrows(
          EgressRefusedException.class,
          () -> door.get("http://rebind.test:%d/".formatted(server.port())));
      assertEquals(List.of(), hidden.requests());
    }
  }

  @Test
  void aHostThatWasNotGrantedIsNotEvenLookedUp() {
    EgressRefusedException refused =
        assertThrows(
            EgressRefusedException.class,
            () -> door.send(Door.get("http://site.test/?key=secret", List.of("other.test"))));

    assertTrue(Door.sentence(refused).contains("site.test"));
    assertFalse(Door.sentence(refused).contains("secret"));
    assertEquals(List.of(), door.lookups());
  }

  @Test
  void anAllowedHostMustStillBeGranted() {
    assertThrows(
        EgressRefusedException.class,
        () -> door.send(Door.get("http://127.0.0.1/", List.of("site.test"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection",
        "keep-alive",
        "Proxy-Authorization",
        "proxy-anything",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
        "Host",
        "Content-Length",
        "Expect",
        "HTTP2-Settings"
      })
  void aHeaderOfTheConnectionIsRefusedByName(String name) {
    EgressRefusedException refused =
        assertThrows(
            EgressRefusedException.class,
            () -> door.send("GET", "http://site.test/", Map.of(name, "x"), ""));

    assertTrue(Door.sentence(refused).contains(name.toLowerCase(Locale.ROOT)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "X-A | 'a\r\nX-B: c'",
        "X-A | 'a\nb'",
        "X-A | 'a\rb'",
        "X-A | 'a\0b'",
        "X-A | 'aĊb'",
        "'X-A:' | a",
        "'X A' | a",
        "'X-A\r\nB' | a",
        "'' | a",
        "'Ä' | a"
      })
  void aHeaderThatCouldBeReadAsTwoIsRefused(String name, String value) {
    assertThrows(
        EgressRefusedException.class,
        () -> door.send("GET", "http://site.test/", Map.of(name, value), ""));
  }

  @Test
  void aHeaderGivenInTwoSpellingsIsRefused() {
    assertThrows(
        EgressRefusedException.class,
        () -> door.send("GET", "http://site.test/", Map.of("X-A", "a", "x-a", "b"), ""));
  }

  @Test
  void headersWithoutEndAreRefused() {
    assertThrows(
        EgressRefusedException.class,
        () -> door.send("GET", "http://site.test/", Map.of("X-A", "a".repeat(70_000)), ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"CONNECT", "TRACE", "", "GET /x HTTP/1.1\r\nA:", "FOO"})
  void anyOtherMethodIsRefused(String method) {
    assertThrows(
        EgressRefusedException.class, () -> door.send(method, "http://site.test/", Map.of(), ""));
  }

  @Test
  void anUnknownHostIsReportedInASentence() {
    IOException failed =
        assertThrows(IOException.class, () -> door.get("http://nowhere.test/?key=secret"));

    assertEquals("The host nowhere.test is not known.", Door.sentence(failed));
  }

  @Test
  void aClosedPortIsReportedInASentence() throws Exception {
    int port;
    try (TestServer server = TestServer.answering("")) {
      port = server.port();
    }
    IOException failed =
        assertThrows(
            IOException.class, () -> door.get("http://site.test:%d/?key=secret".formatted(port)));

    assertEquals("site.test:%d can't be reached.".formatted(port), Door.sentence(failed));
  }

  public static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  public static String text(GuardedHttp.Answer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }
}
