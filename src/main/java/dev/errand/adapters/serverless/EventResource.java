package dev.errand.adapters.serverless;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.CloudEvent;
import dev.errand.base.http.CloudEvents;
import dev.errand.base.http.Traces;
import dev.errand.base.limit.BodyBudget;
import dev.errand.base.limit.ParsedTexts;
import dev.errand.runs.worker.Worker;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * Receives the platform's events, and works until it answers. The status follows what brokers
 * expect: 204 when the event was handled, even one that came twice or too late; 503 when another
 * process or a later attempt may handle it; 400 and 401 when sending it again is useless.
 */
@Path("/events")
@RunOnVirtualThread
public class EventResource {
  /** The type of the event that triggers everything that is due. */
  static final String TICK = "dev.errand.tick";

  /** The type that Knative's PingSource sends, which can't be chosen. */
  private static final String PING = "dev.knative.sources.ping";

  private static final Duration AGAIN = Duration.ofSeconds(5);

  private final EventAuth auth;
  private final CloudEvents events;
  private final ParsedTexts texts;
  private final EventWork work;
  private final Worker worker;
  private final Traces traces;
  private final CurrentVertxRequest http;

  EventResource(
      EventAuth auth,
      CloudEvents events,
      ParsedTexts texts,
      EventWork work,
      Worker worker,
      Traces traces,
      CurrentVertxRequest http) {
    this.http = http;
    this.auth = auth;
    this.events = events;
    this.texts = texts;
    this.work = work;
    this.worker = worker;
    this.traces = traces;
  }

  /** Receives one event, and answers when its work is done or passed on to another event. */
  @POST
  @Consumes(MediaType.WILDCARD)
  public RestResponse<Void> take(@Context HttpHeaders headers, InputStream body)
      throws IOException, InterruptedException {
    auth.check(headers.getHeaderString(HttpHeaders.AUTHORIZATION));
    BodyBudget.admit(http.getCurrent());
    BodyBudget.leaveTree(http.getCurrent());
    CloudEvent event;
    try (ParsedTexts.Held memory = texts.open()) {
      event =
          events
              .read(headers::getHeaderString, body.readAllBytes(), memory::tree)
              .orElseThrow(
                  () ->
                      ApiException.invalid(
                          "ce-type", "is missing: this address accepts only CloudEvents 1.0"));
    }
    BodyBudget.done(http.getCurrent());
    if (event.traceparent() != null) {
      traces.causedBy(event.traceparent());
    }
    switch (event.type()) {
      case Dispatcher.RUN_ENQUEUED -> {
        if (worker.places() == 0) {
          throw ApiException.retryLater(
              ErrorCode.UNAVAILABLE,
              "This process executes no runs (ERRAND_WORKER_CONCURRENCY is 0): send these events to"
                  + " those that do.",
              AGAIN);
        }
        if (worker.room() == 0) {
          throw ApiException.retryLater(
              ErrorCode.UNAVAILABLE,
              "This process executes its maximum number of runs: send the event again.",
              AGAIN);
        }
        work.workRuns();
      }
      case TICK, PING -> work.doWhatIsDue();
      default ->
          throw ApiException.invalid("type", "must be " + Dispatcher.RUN_ENQUEUED + " or " + TICK);
    }
    return RestResponse.noContent();
  }
}
