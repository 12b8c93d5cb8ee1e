package dev.errand.base.egress.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class GuardedHttpHostileTest {

  private static final Duration SHORT = Duration.ofMillis(300);

  private final Door door = new Door("127.0.0.1").name("site.test", "127.0.0.1");

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void aServerThatNeverAnswersIsCutAtTheDeadline() throws Exception {
    assertTimesOut((_, in, _) -> TestServer.untilCut(in));
  }

  @Test
  void headersThatDripAreCutAtTheDeadline() throws Exception {
    assertTimesOut(
        (_, _, out) -> {
          GuardedHttpTest.write(out, "HTTP/1.1 200 OK\r\nX-A: ");
          dripForever(out);
        });
  }

  @Test
  void aBodyThatDripsIsCutAtTheDeadline() throws Exception {
    assertTimesOut(
        (_, _, out) -> {
          GuardedHttpTest.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n");
          dripForever(out);
        });
  }

  @Test
  void aHandshakeThatNeverComesIsCutAtTheDeadline() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"))) {
      String url = "https://site.test:%d/".formatted(silent.getLocalPort());

      assertThrows(SocketTimeoutException.class, () -> door.send(Door.get(url, SHORT, 10)));
    }
  }

  @Test
  void anInterruptCutsTheConnection() throws Exception {
    try (TestServer server = TestServer.running((_, in, _) -> TestServer.untilCut(in))) {
      CompletableFuture<Throwable> ended = new CompletableFuture<>();
      Thread caller =
          Thread.startVirtualThread(
              () -> {
                try {
                  door.get(url(server));
                } catch (IOException | InterruptedException e) {
                  ended.complete(e);
                }
              });
      server.awaitRequest();
      caller.interrupt();

      assertInstanceOf(InterruptedException.class, ended.get());
      server.awaitCut();
    }
  }

  @Test
  void anAnswerOfJustEnoughBytesIsRead() throws Exception {
    try (TestServer server = TestServer.answering(TestServer.ok("0123456789"))) {
      assertEquals(10, door.send(Door.get(url(server), Door.LONG, 10)).body().length);
    }
  }

  @Test
  void aBodyWithoutEndIsCutAtTheBound() throws Exception {
    try (TestServer server =
        TestServer.running(
            (_, _, out) -> {
              GuardedHttpTest.write(out, "HTTP/1.1 200 OK\r\n\r\n");
              while (true) {
                GuardedHttpTest.write(out, "x".repeat(8192));
              }
            })) {
      assertTooLarge(server, 100_000);
      server.awaitCut();
    }
  }

  @Test
  void aChunkedBodyIsCutAtTheBound() throws Exception {
    try (TestServer server =
        TestServer.answering(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n0\r\n\r\n")) {
      assertTooLarge(server, 10);
    }
  }

  @Test
  void aGzipBombIsCutAtTheBound() throws Exception {
    byte[] bomb = packed(GuardedHttpHostileTest::gzip, new byte[50_000_000]);
    try (TestServer server = coded("gzip", bomb)) {
      assertTrue(bomb.length < 100_000);
      assertTooLarge(server, 100_000);
    }
  }

  @Test
  void aPackedBodyIsUnpacked() throws Exception {
    byte[] hello = "hello hello".getBytes(StandardCharsets.UTF_8);
    assertUnpacks("gzip", packed(GuardedHttpHostileTest::gzip, hello));
    assertUnpacks("X-GZIP", packed(GuardedHttpHostileTest::gzip, hello));
    assertUnpacks("deflate", packed(DeflaterOutputStream::new, hello));
    assertUnpacks(
        "deflate",
        packed(
            out -> new DeflaterOutputStream(out, new Deflater(Deflater.BEST_SPEED, true)), hello));
  }

  @Test
  void aDamagedPackedBodyIsAFailure() throws Exception {
    try (TestServer server = coded("gzip", "no gzip".getBytes(StandardCharsets.UTF_8))) {
      assertTrue(failure(server).contains("damaged gzip body"));
    }
  }

  @Test
  void headersWithoutEndAreAFailure() throws Exception {
    try (TestServer server =
        TestServer.answering(
            "HTTP/1.1 200 OK\r\n" + "X-A: aaaaaaaaaaaaaaaaaaaaaa\r\n".repeat(5000) + "\r\n")) {
      assertTrue(failure(server).contains("header fields that are too long"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"})
  void interimAnswersWithoutEndAreAFailure(String interim) throws Exception {
    try (TestServer server =
        TestServer.running(
            (_, _, out) -> {
              while (true) {
                GuardedHttpTest.write(out, interim);
              }
            })) {
      assertTrue(failure(server).contains("too many answers of a status below 200"));
      server.awaitCut();
    }
  }

  @Test
  void aFewInterimAnswersArePassedOver() throws Exception {
    String interim =
        "HTTP/1.1 100 Continue\r\n\r\n"
            + "HTTP/1.1 103 Early Hints\r\nX-A: %s\r\n\r\n".formatted("a".repeat(60_000));
    try (TestServer server = TestServer.answering(interim.repeat(4) + TestServer.ok("hello"))) {
      assertEquals("hello", GuardedHttpTest.text(door.get(url(server))));
    }
  }

  @Test
  void anInterimAnswerOfAnotherKindIsNotTheAnswer() throws Exception {
    try (TestServer server =
        TestServer.running(
            (_, in, out) -> {
              GuardedHttpTest.write(out, "HTTP/1.1 102 Processing\r\n\r\n");
              out.flush();
              TestServer.untilCut(in);
            })) {
      assertTrue(failure(server).contains("not known"));
      server.awaitCut();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "SSH-2.0-OpenSSH_9.9\r\n\r\n"
      })
  void anAnswerThatIsBrokenIsAFailure(String answer) throws Exception {
    try (TestServer server = TestServer.answering(answer)) {
      assertFalse(failure(server).contains("secret"));
    }
  }

  private void assertTimesOut(TestServer.Script script) throws Exception {
    try (TestServer server = TestServer.running(script)) {
      SocketTimeoutException failed =
          assertThrows(
              SocketTimeoutException.class,
              () -> door.send(Door.get(url(server), SHORT, 1_000_000)));

      assertFalse(Door.sentence(failed).contains("secret"));
    }
  }

  private static void dripForever(OutputStream out) throws IOException, InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    while (!never.await(10, TimeUnit.MILLISECONDS)) {
      GuardedHttpTest.write(out, "x");
    }
  }

  private void assertTooLarge(TestServer server, int most) {
    IOException failed =
        assertThrows(IOException.class, () -> door.send(Door.get(url(server), Door.LONG, most)));

    assertTrue(Door.sentence(failed).contains("more than the %d bytes".formatted(most)));
  }

  private void assertUnpacks(String coding, byte[] body) throws Exception {
    try (TestServer server = coded(coding, body)) {
      GuardedHttp.Answer answer = door.get(url(server));

      assertEquals("hello hello", GuardedHttpTest.text(answer));
      assertFalse(answer.headers().containsKey("content-encoding"));
      assertFalse(answer.headers().containsKey("content-length"));
    }
  }

  private String failure(TestServer server) {
    return Door.sentence(assertThrows(IOException.class, () -> door.get(url(server))));
  }

  private static TestServer coded(String coding, byte[] body) throws IOException {
    return TestServer.running(
        (_, _, out) -> {
          GuardedHttpTest.write(
              out,
              "HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n"
                  .formatted(coding, body.length));
          out.write(body);
        });
  }

  private static byte[] packed(Function<OutputStream, OutputStream> packer, byte[] body)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = packer.apply(bytes)) {
      out.write(body);
    }
    return bytes.toByteArray();
  }

  private static String url(TestServer server) {
    return "http://site.test:%d/?key=secret".formatted(server.port());
  }

  private static OutputStream gzip(OutputStream out) {
    try {
      return new GZIPOutputStream(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
