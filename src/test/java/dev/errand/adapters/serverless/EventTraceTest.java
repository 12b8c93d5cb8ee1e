package dev.errand.adapters.serverless;

import static dev.errand.support.Eventually.await;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.errand.app.telemetry.Observed;
import dev.errand.base.http.CloudEvents;
import dev.errand.base.http.Traces;
import dev.errand.runs.worker.WorkerConfig;
import dev.errand.support.SpanReceiver;
import dev.errand.support.TestDatabase;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Events carry the trace that they are part of, out and in. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = Observed.class, scope = TestResourceScope.MATCHING_RESOURCES)
class EventTraceTest {
  @Inject Tracer tracer;
  @Inject Traces traces;
  @Inject CloudEvents events;
  @Inject WorkerConfig worker;

  @Test
  void anEventThatIsSentSaysWhatCausedIt() throws IOException {
    List<String> bodies = new CopyOnWriteArrayList<>();
    HttpServer sink =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
    sink.createContext(
        "/",
        exchange -> {
          bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(202, -1);
          exchange.close();
        });
    sink.start();
    Span span = tracer.spanBuilder("a cause").startSpan();
    try (Scope _ = span.makeCurrent()) {
      URI url = URI.create("http://127.0.0.1:" + sink.getAddress().getPort() + "/");
      assertTrue(new Dispatcher(new To(url), worker, events, traces).dispatch("1"));
    } finally {
      span.end();
      sink.stop(0);
    }
    assertEquals(
        "00-"
            + span.getSpanContext().getTraceId()
            + "-"
            + span.getSpanContext().getSpanId()
            + "-01",
        new JsonPath(bodies.getFirst()).getString("traceparent"));
  }

  @Test
  void workOfAnEventIsLinkedToTheCauseOfTheEvent() {
    String cause = UUID.randomUUID().toString().replace("-", "");
    String own = UUID.randomUUID().toString().replace("-", "");
    given()
        .header("Authorization", "Bearer " + Observed.EVENTS_TOKEN)
        .header("Content-Type", CloudEvents.STRUCTURED)
        .header("traceparent", "00-" + own + "-00f067aa0ba902b7-01")
        .body(
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/t\",\"type\":\"dev.errand.tick\","
                + "\"traceparent\":\"00-"
                + cause
                + "-b7ad6b7169203331-01\"}")
        .post("/events")
        .then()
        .statusCode(204);
    await("the event's span", () -> !SpanReceiver.spans(own).isEmpty());
    assertEquals(List.of(cause + "-b7ad6b7169203331"), SpanReceiver.spans(own).getFirst().links());
  }

  @Test
  void nonsenseInAnEventLinksToNothing() {
    String own = UUID.randomUUID().toString().replace("-", "");
    given()
        .header("Authorization", "Bearer " + Observed.EVENTS_TOKEN)
        .header("Content-Type", CloudEvents.STRUCTURED)
        .header("traceparent", "00-" + own + "-00f067aa0ba902b7-01")
        .body(
            "{\"specversion\":\"1.0\",\"id\":\"2\",\"source\":\"/t\",\"type\":\"dev.errand.tick\","
                + "\"traceparent\":\"from ' over there\"}")
        .post("/events")
        .then()
        .statusCode(204);
    await("the event's span", () -> !SpanReceiver.spans(own).isEmpty());
    assertEquals(List.of(), SpanReceiver.spans(own).getFirst().links());
  }

  private record To(URI to) implements DispatchConfig {
    @Override
    public Optional<URI> url() {
      return Optional.of(to);
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
      return Duration.ofSeconds(60);
    }
  }
}
