package dev.errand.tools.servlet.module;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.base.egress.client.GuardedHttp;
import dev.errand.base.egress.client.TestServer;
import dev.errand.support.TestDatabase;
import dev.errand.tools.servlet.host.Attack;
import dev.errand.tools.servlet.host.Fixture;
import dev.errand.tools.servlet.limit.Grant;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servlets, and servers that they call, that try to harm through the network. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@Timeout(120)
class NetworkAttackTest {
  private static final Grant ANY_HOST = Fixture.grant(List.of("*"), Map.of());

  @Inject GuardedHttp http;

  private static Map<String, String> to(TestServer server) {
    return Map.of("text", "x", "url", "http://127.0.0.1:" + server.port() + "/");
  }

  private static void head(OutputStream out, String fields) throws IOException {
    out.write(("HTTP/1.1 200 OK\r\n" + fields + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  @ParameterizedTest
  @EnumSource
  void aResponseOfTenGigabytes(Engine engine) throws Exception {
    var chunk = new byte[1 << 16];
    try (var server =
        TestServer.running(
            (_, _, out) -> {
              head(out, "Content-Length: 10000000000\r\n");
              for (var sent = 0L; sent < 10_000_000_000L; sent += chunk.length) {
                out.write(chunk);
              }
            })) {
      new Attack(engine, http, "c_probe")
          .failsAndLeavesTheHeapAsItWas("more than", ANY_HOST, "get", to(server));
      server.awaitCut();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aResponseWithoutEndInChunks(Engine engine) throws Exception {
    var chunk = ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    try (var server =
        TestServer.running(
            (_, _, out) -> {
              head(out, "Transfer-Encoding: chunked\r\n");
              while (true) {
                out.write(chunk);
              }
            })) {
      new Attack(engine, http, "c_probe")
          .failsAndLeavesTheHeapAsItWas("more than", ANY_HOST, "get", to(server));
      server.awaitCut();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aResponseThatDrips(Engine engine) throws Exception {
    try (var server =
        TestServer.running(
            (_, _, out) -> {
              head(out, "Content-Length: 1000000\r\n");
              while (true) {
                out.write('x');
                out.flush();
                LockSupport.parkNanos(10_000_000);
              }
            })) {
      new Attack(engine, http, "c_probe").isStoppedAtItsTime(ANY_HOST, "get", to(server));
      server.awaitCut();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aServerThatNeverAnswers(Engine engine) throws Exception {
    try (var server = TestServer.running((_, in, _) -> TestServer.untilCut(in))) {
      new Attack(engine, http, "c_probe").isStoppedAtItsTime(ANY_HOST, "get", to(server));
      server.awaitCut();
    }
  }

  @ParameterizedTest
  @EnumSource
  void tenThousandRequestsInALoop(Engine engine) throws Exception {
    try (var server = TestServer.answering(TestServer.ok("x"))) {
      new Attack(engine, http, "c_probe")
          .failsWith("limit of 50 HTTP requests", ANY_HOST, "flood", to(server));
      assertEquals(50, server.requests().size());
    }
  }

  @ParameterizedTest
  @EnumSource
  void theMetadataServiceOfACloud(Engine engine) throws Exception {
    refused(engine, "http://169.254.169.254/latest/meta-data/");
  }

  @ParameterizedTest
  @EnumSource
  void aNeighbourInThePrivateNetwork(Engine engine) throws Exception {
    refused(engine, "http://10.0.0.1/");
  }

  @ParameterizedTest
  @EnumSource
  void theHostItselfUnderAnotherOfItsAddresses(Engine engine) throws Exception {
    refused(engine, "http://[::ffff:127.0.0.2]/");
  }

  @ParameterizedTest
  @EnumSource
  void aFileAsAUrl(Engine engine) throws Exception {
    refused(engine, "file:///etc/passwd");
  }

  private void refused(Engine engine, String url) throws Exception {
    new Attack(engine, http, "c_probe")
        .failsWith(
            "The tool's HTTP request failed: ", ANY_HOST, "get", Map.of("text", "x", "url", url));
  }
}
