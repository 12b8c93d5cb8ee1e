package dev.errand.adapters.console.run;

import dev.errand.adapters.console.frame.Console;
import dev.errand.adapters.console.frame.Visit;
import dev.errand.adapters.console.show.PagePaths;
import dev.errand.runs.run.watch.EventStream;
import dev.errand.runs.run.watch.WatchConfig;
import dev.errand.runs.run.watch.WatchService;
import dev.errand.runs.run.watch.Watching;
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
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** The stream by which the page of a run stays up to date. */
@Path("/console/{user}/{profile}/tasks/{task}/runs/{run}/events")
public class RunEventsResource {
  private static final String LAST_EVENT_ID = "Last-Event-ID";

  private final Console console;
  private final WatchService runs;
  private final RunPageViews views;
  private final WatchConfig config;
  private final CurrentVertxRequest http;

  RunEventsResource(
      Console console,
      WatchService runs,
      RunPageViews views,
      WatchConfig config,
      CurrentVertxRequest http) {
    this.console = console;
    this.runs = runs;
    this.views = views;
    this.config = config;
    this.http = http;
  }

  /**
   * Streams the entries that the page does not have.
   *
   * @param last the number of the last entry that it has; the header of a browser that comes back
   *     counts before it
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
      @RestQuery @Nullable String last,
      @Context Sse sse) {
    Visit visit = console.visit(user, profile, "runs");
    boolean byHeader = lastEventId != null && !lastEventId.isEmpty();
    WatchService.Watched watched =
        runs.watch(
            visit.caller(),
            visit.profile(),
            task,
            run,
            byHeader ? LAST_EVENT_ID : "last",
            byHeader ? lastEventId : last);
    Watching watching = watched.watching();
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
            new HtmlEvents(views, PagePaths.run(visit.layout().home(), task, run)),
            () -> runs.ended(watching),
            response::reset)
        .begin();
  }
}
