package dev.errand.runs.live;

import dev.errand.base.error.ApiException;
import dev.errand.base.limit.ReadBudget;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.runs.live.WatchService.Watched;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.mutiny.Multi;
import io.vertx.core.http.HttpServerResponse;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import org.jspecify.annotations.Nullable;

/** Answers requests with the entries of a run as Server-Sent Events. */
@ApplicationScoped
public class EventStreams {
  private final WatchService runs;
  private final WatchConfig config;
  private final ReadBudget memory;
  private final CurrentVertxRequest http;

  EventStreams(WatchService runs, WatchConfig config, ReadBudget memory, CurrentVertxRequest http) {
    this.runs = runs;
    this.memory = memory;
    this.config = config;
    this.http = http;
  }

  /**
   * The last entry that a client has, by its request.
   *
   * @param header the field {@value HttpHeaders#LAST_EVENT_ID_HEADER}; it takes precedence over the
   *     parameter, which stays in the address when a client reconnects
   */
  public record LastEntry(@Nullable String header, String parameter, @Nullable String value) {
    private boolean isByHeader() {
      return header != null && !header.isEmpty();
    }

    String field() {
      return isByHeader() ? HttpHeaders.LAST_EVENT_ID_HEADER : parameter;
    }

    @Nullable String number() {
      return isByHeader() ? header : value;
    }
  }

  /**
   * Streams each present and future entry, and the end of the run, to the client of this request.
   *
   * @throws ApiException as {@link WatchService#watch} does
   */
  public Multi<OutboundSseEvent> open(
      Caller caller,
      ProfileSlug profile,
      String task,
      String run,
      LastEntry last,
      EventForm form,
      Sse sse) {
    Watched watched = runs.watch(caller, profile, task, run, last.field(), last.number());
    WatchSubscription subscription = watched.subscription();
    HttpServerResponse response = http.getCurrent().response();
    response
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache, no-store, no-transform")
        // Asks a proxy not to buffer the events.
        .putHeader("X-Accel-Buffering", "no");
    return new EventStream(
            subscription,
            memory.open(caller.username()),
            watched.next(),
            config,
            sse,
            form,
            () -> runs.ended(subscription),
            response::reset)
        .begin();
  }
}
