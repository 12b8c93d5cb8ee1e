package dev.errand.runs.run.watch;

import dev.errand.base.json.Json;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.runs.run.start.RunUrls;
import dev.errand.runs.run.watch.WatchService.Watched;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Multi;
import io.vertx.core.http.HttpServerResponse;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** REST endpoint that streams a run's entries as Server-Sent Events. */
@Path("/api/profiles/{user}/{profile}/tasks/{task}/runs/{run}/events")
public class WatchResource {
  private static final String LAST_EVENT_ID = "Last-Event-ID";

  private final CurrentCaller caller;
  private final WatchService runs;
  private final RunUrls urls;
  private final WatchConfig config;
  private final CurrentVertxRequest http;
  private final Json json;

  WatchResource(
      CurrentCaller caller,
      WatchService runs,
      RunUrls urls,
      WatchConfig config,
      CurrentVertxRequest http,
      Json json) {
    this.caller = caller;
    this.runs = runs;
    this.urls = urls;
    this.config = config;
    this.http = http;
    this.json = json;
  }

  /**
   * Streams each present and future entry as an event, and an {@code end} event when the run has
   * ended.
   *
   * @param lastEventId the number of the last entry that the client has; the header takes
   *     precedence over the parameter, which stays in the address when a client reconnects
   */
  @GET
  @Produces(MediaType.SERVER_SENT_EVENTS)
  // A method that returns a stream counts as non-blocking by default.
  @Blocking
  @RunOnVirtualThread
  public Multi<OutboundSseEvent> events(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String run,
      @RestHeader(LAST_EVENT_ID) @Nullable String lastEventId,
      @RestQuery("last_event_id") @Nullable String lastEventIdParameter,
      @Context Sse sse,
      @Context UriInfo uri) {
    boolean byHeader = lastEventId != null && !lastEventId.isEmpty();
    Watched watched =
        runs.watch(
            caller.get(),
            new ProfileSlug(user, profile),
            task,
            run,
            byHeader ? LAST_EVENT_ID : "last_event_id",
            byHeader ? lastEventId : lastEventIdParameter);
    Watching watching = watched.watching();
    String url = urls.of(uri, user, profile, task, run).toString();
    HttpServerResponse response = http.getCurrent().response();
    response
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache, no-store, no-transform")
        // Asks a proxy not to buffer the events.
        .putHeader("X-Accel-Buffering", "no");
    return new EventStream(
            watching,
            watched.next(),
            config,
            sse,
            new JsonEvents(json, url),
            () -> runs.ended(watching),
            response::reset)
        .begin();
  }
}
