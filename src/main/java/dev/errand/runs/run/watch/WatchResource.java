package dev.errand.runs.run.watch;

import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import dev.errand.runs.queue.record.Run;
import dev.errand.runs.run.archive.RunArchive;
import dev.errand.runs.run.archive.RunPages;
import dev.errand.runs.run.archive.RunView;
import dev.errand.runs.run.start.RunUrls;
import dev.errand.runs.task.TaskAccess;
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
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** A run's entries as they are written, as Server-Sent Events. */
@Path("/api/profiles/{user}/{profile}/tasks/{task}/runs/{run}/events")
public class WatchResource {
  private static final String LAST_EVENT_ID = "Last-Event-ID";
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  private final TaskAccess tasks;
  private final RunArchive archive;
  private final RunPages pages;
  private final RunWatch watch;
  private final RunUrls urls;
  private final WatchConfig config;
  private final CurrentVertxRequest http;
  private final Json json;

  WatchResource(
      TaskAccess tasks,
      RunArchive archive,
      RunPages pages,
      RunWatch watch,
      RunUrls urls,
      WatchConfig config,
      CurrentVertxRequest http,
      Json json) {
    this.tasks = tasks;
    this.archive = archive;
    this.pages = pages;
    this.watch = watch;
    this.urls = urls;
    this.config = config;
    this.http = http;
    this.json = json;
  }

  /**
   * Every entry as an event of its own, those that there are and those that come, and an {@code
   * end} event when the run has ended.
   *
   * @param lastEventId the number of the last entry that the client has; the header goes before the
   *     parameter, which stays in the address when a client comes back
   */
  @GET
  @Produces(MediaType.SERVER_SENT_EVENTS)
  // What answers with a stream counts as non-blocking unless it says otherwise.
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
    Run found = archive.require(tasks.own(user, profile, task), run);
    int next =
        lastEventId == null || lastEventId.isEmpty()
            ? after(found, "last_event_id", lastEventIdParameter)
            : after(found, LAST_EVENT_ID, lastEventId);
    String url = urls.of(uri, user, profile, task, run).toString();
    HttpServerResponse response = http.getCurrent().response();
    response
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache, no-store, no-transform")
        // A proxy in front of it that would gather the events is asked not to.
        .putHeader("X-Accel-Buffering", "no");
    return new EventStream(
            watch.watch(found.id()),
            next,
            config,
            sse,
            json,
            () ->
                archive
                    .find(found.id())
                    .filter(now -> now.status().isEnd())
                    .map(now -> RunView.of(now, url, null)),
            response::reset)
        .begin();
  }

  private int after(Run run, String field, @Nullable String id) {
    if (id == null || id.isEmpty()) {
      return 0;
    }
    int next = NUMBER.matcher(id).matches() ? Integer.parseInt(id) + 1 : 0;
    int count = pages.state(run.id()).map(RunPages.State::count).orElse(0);
    if (next < 1 || next > count) {
      throw ApiException.invalid(
          field, "must be the id of an event of this run, which are 0 to " + (count - 1));
    }
    return next;
  }
}
