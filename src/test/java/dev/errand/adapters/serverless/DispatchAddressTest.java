package dev.errand.adapters.serverless;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.errand.base.http.CloudEvents;
import dev.errand.base.http.Traces;
import dev.errand.runs.worker.WorkerConfig;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events go where the operator says, as it stands there, and what is answered is looked at. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class DispatchAddressTest {
  @Inject WorkerConfig worker;
  @Inject CloudEvents events;
  @Inject Traces traces;

  private final List<String> came = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private HttpServer sink;
  private volatile int status = 202;
  private volatile boolean silent;

  @BeforeEach
  void listen() throws Exception {
    sink = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
    sink.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    sink.createContext(
        "/",
        exchange -> {
          came.add(
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Content-Type"));
          exchange.getRequestBody().readAllBytes();
          if (silent) {
            awaitEnd();
          }
          if (status == 301) {
            exchange.getResponseHeaders().set("Location", url("/elsewhere"));
          }
          byte[] body = "any body".getBytes(StandardCharsets.US_ASCII);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    sink.start();
  }

  private void awaitEnd() {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void stop() {
    over.countDown();
    sink.stop(0);
  }

  @Test
  void theAddressIsTakenAsItStands() {
    for (String path : List.of("", "/", "/default", "/a%2Fb/?key=a%20b&more")) {
      assertTrue(dispatcher(url(path)).dispatch("1"), path);
    }
    assertTrue(dispatcher(url("/loud").replace("http:", "HTTP:")).dispatch("1"));
    String type = " " + CloudEvents.STRUCTURED;
    assertEquals(
        List.of(
            "POST /" + type,
            "POST /" + type,
            "POST /default" + type,
            "POST /a%2Fb/?key=a%20b&more" + type,
            "POST /loud" + type),
        came);
  }

  @Test
  void anEventThatIsRefusedOrSentElsewhereWasNotTaken() {
    Dispatcher dispatcher = dispatcher(url("/"));
    for (int refusal : new int[] {301, 400, 401, 500, 503}) {
      status = refusal;
      assertFalse(dispatcher.dispatch("1"), "status " + refusal);
    }
    status = 200;
    assertTrue(dispatcher.dispatch("1"));
    assertEquals(6, came.size());
  }

  @Test
  void aSinkThatKeepsSilentIsLeftAloneForAsLong() {
    silent = true;
    Dispatcher dispatcher = dispatcher(url("/"));
    assertFalse(dispatcher.dispatch("1"));
    assertFalse(dispatcher.dispatch("2"));
    assertEquals(1, came.size());
  }

  private String url(String path) {
    return "http://127.0.0.1:" + sink.getAddress().getPort() + path;
  }

  private Dispatcher dispatcher(String url) {
    return new Dispatcher(new To(url), worker, events, traces);
  }

  private record To(String to) implements DispatchConfig {
    @Override
    public Optional<URI> url() {
      return Optional.of(URI.create(to));
    }

    @Override
    public Optional<String> token() {
      return Optional.empty();
    }

    @Override
    public Optional<String> awsRegion() {
      return Optional.empty();
    }

    @Override
    public Optional<Path> tokenFile() {
      return Optional.empty();
    }

    @Override
    public Duration timeout() {
      return Duration.ofSeconds(10);
    }
  }
}
