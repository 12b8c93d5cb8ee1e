package dev.errand.adapters.console.run;

import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Texts;
import dev.errand.base.turn.WorkOwner;
import dev.errand.identity.page.PagePaths;
import dev.errand.runs.history.EntryPage;
import dev.errand.runs.history.RunSearch;
import dev.errand.runs.lifecycle.RunService;
import dev.errand.runs.live.EventStreams;
import dev.errand.runs.live.WatchConfig;
import dev.errand.runs.queue.Run;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.function.Supplier;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The page of a run, its buttons, and the stream by which it stays up to date. */
@Path("/console/{user}/{profile}/tasks/{task}/runs/{run}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class RunPageResource {
  private static final int CHILDREN = 10;
  // The first entry that a page shows, and the part of it that it refreshes.
  static final String NEWEST = "newest";
  private static final String SUMMARY = "summary";

  private final RunService runs;
  private final RunSearch search;
  private final ShownEntries entries;
  private final FoundEntries finder;
  private final RunPageViews views;
  private final EventStreams streams;
  private final WatchConfig watching;

  RunPageResource(
      RunService runs,
      RunSearch search,
      ShownEntries entries,
      FoundEntries finder,
      RunPageViews views,
      EventStreams streams,
      WatchConfig watching) {
    this.runs = runs;
    this.search = search;
    this.views = views;
    this.entries = entries;
    this.finder = finder;
    this.streams = streams;
    this.watching = watching;
  }

  /**
   * The page.
   *
   * @param from the number of the first entry that it shows, from 0, or {@value #NEWEST}; null for
   *     the newest ones of a live run, and the first ones of any other
   * @param q a text that the entries have which it shows; null for any
   * @param show {@value FoundEntries#FAILED} for those that tell of failures; null for any
   * @param part what the page refreshes of itself; null for all of it
   */
  @GET
  public RestResponse<String> get(
      PageRequest page,
      @RestPath String task,
      @RestPath String run,
      @RestQuery @Nullable String from,
      @RestQuery @Nullable String q,
      @RestQuery @Nullable String show,
      @RestHeader("HX-Target") @Nullable String part) {
    Run found = found(page, task, run);
    FoundEntries.Search wanted = FoundEntries.Search.of(Texts.given(q), show);
    if (!wanted.isAll()) {
      int first = from == null ? 0 : ShownEntries.number("from", from);
      return page.answer(
          RunTemplates.CURRENT,
          RunTemplates.run(
              views.of(
                  found,
                  task,
                  children(page, task, found),
                  finder.in(WorkOwner.user(page.caller().username()), found, wanted, first),
                  page)));
    }
    boolean isNewest = from == null ? !found.status().isEnd() : from.equals(NEWEST);
    EntryPage shown =
        isNewest
            ? entries.newest(found)
            : entries.from(found, from == null ? 0 : ShownEntries.number("from", from));
    // Streams are switched off where the platform buffers answers.
    boolean isStreamed = watching.longest().isPositive();
    boolean isSummary = SUMMARY.equals(part);
    RunPageView view =
        views.of(
            found,
            task,
            children(page, task, found),
            new RunPageViews.ShownPart(shown, isNewest, isStreamed, isSummary),
            page);
    return page.answer(RunTemplates.CURRENT, RunTemplates.run(view));
  }

  /** Cancels the run. */
  @POST
  @Path("cancel")
  public RestResponse<String> cancel(
      PageRequest page, @RestPath String task, @RestPath String run) {
    runs.cancel(page.caller(), page.profile(), task, run);
    return page.redirect(PagePaths.run(page.home(), task, run));
  }

  /** Retries the run. */
  @POST
  @Path("retry")
  public RestResponse<String> retry(PageRequest page, @RestPath String task, @RestPath String run) {
    runs.retry(page.caller(), page.profile(), task, run);
    return page.redirect(PagePaths.run(page.home(), task, run));
  }

  /**
   * Streams the entries that the page does not have.
   *
   * @param last the number of the last entry that it has; the header of a reconnecting browser has
   *     precedence
   */
  @GET
  @Path("events")
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

  private Supplier<RunSearch.FoundRuns> children(PageRequest page, String task, Run run) {
    return () -> search.startedBy(page.caller(), page.profile(), task, run, CHILDREN);
  }

  private Run found(PageRequest page, String task, String run) {
    return runs.getBriefly(page.caller(), page.profile(), task, run);
  }
}
