package dev.errand.runs.live;

import dev.errand.base.json.Json;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.runs.history.RunUrls;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.BeanParam;
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

/** REST endpoint that streams a run's entries as Server-Sent Events. */
@Path("/api/profiles/{user}/{profile}/tasks/{task}/runs/{run}/events")
public class WatchResource {
  private final CurrentCaller caller;
  private final EventStreams streams;
  private final RunUrls urls;
  private final Json json;

  WatchResource(CurrentCaller caller, EventStreams streams, RunUrls urls, Json json) {
    this.caller = caller;
    this.streams = streams;
    this.urls = urls;
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
      @BeanParam ProfileSlug profile,
      @RestPath String task,
      @RestPath String run,
      @RestHeader(HttpHeaders.LAST_EVENT_ID_HEADER) @Nullable String lastEventId,
      @RestQuery("last_event_id") @Nullable String lastEventIdParameter,
      @Context Sse sse) {
    String url = urls.of(profile, task, run).toString();
    return streams.open(
        caller.get(),
        profile,
        task,
        run,
        new EventStreams.LastEntry(lastEventId, "last_event_id", lastEventIdParameter),
        new JsonEvents(json, url),
        sse);
  }
}
