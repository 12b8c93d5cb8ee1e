package dev.errand.adapters.console.run;

import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.runs.watch.EventStreams;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Multi;
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
  private final EventStreams streams;
  private final RunPageViews views;

  RunEventsResource(EventStreams streams, RunPageViews views) {
    this.streams = streams;
    this.views = views;
  }

  /**
   * Streams the entries that the page does not have.
   *
   * @param last the number of the last entry that it has; the header of a reconnecting browser has
   *     precedence
   */
  @GET
  @Produces(MediaType.SERVER_SENT_EVENTS)
  // A method that returns a stream counts as non-blocking by default.
  @Blocking
  @RunOnVirtualThread
  public Multi<OutboundSseEvent> events(
      PageRequest page,
      @RestPath String task,
      @RestPath String run,
      @RestHeader(HttpHeaders.LAST_EVENT_ID_HEADER) @Nullable String lastEventId,
      @RestQuery @Nullable String last,
      @Context Sse sse) {
    return streams.open(
        page.caller(),
        page.profile(),
        task,
        run,
        new EventStreams.LastEntry(lastEventId, "last", last),
        new HtmlEvents(views, PagePaths.run(page.home(), task, run)),
        sse);
  }
}
