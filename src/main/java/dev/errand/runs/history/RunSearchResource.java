package dev.errand.runs.history;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.http.Paging;
import dev.errand.base.http.QueryErrors;
import dev.errand.base.http.QueryNumber;
import dev.errand.base.http.QueryWords;
import dev.errand.base.http.ReadsQuery;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.profile.ProfileSlug;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Set;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** REST operation that lists the runs of a profile. */
@Path("/api/profiles/{user}/{profile}/runs")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class RunSearchResource {
  private static final int DEFAULT_LIMIT = 50;
  private static final int LARGEST_LIMIT = 500;
  private static final String OUTPUT = "output";

  private final CurrentCaller caller;
  private final RunSearch runs;
  private final RunUrls urls;
  private final QueryErrors query;

  RunSearchResource(CurrentCaller caller, RunSearch runs, RunUrls urls, QueryErrors query) {
    this.caller = caller;
    this.runs = runs;
    this.urls = urls;
    this.query = query;
  }

  /**
   * Lists runs of all tasks, newest first. If there may be more, the {@code Link} header has the
   * address of the next page, even if this page is empty.
   */
  @GET
  @ReadsQuery
  public RestResponse<List<ListedRun>> list(
      @BeanParam ProfileSlug profile,
      @RestQuery List<String> status,
      @RestQuery @Nullable String task,
      @RestQuery @Nullable String code,
      @RestQuery @Nullable String warning,
      @RestQuery @Nullable String cause,
      @RestQuery @Nullable String parent,
      @RestQuery @Nullable String text,
      @RestQuery @Nullable String from,
      @RestQuery @Nullable String to,
      @RestQuery @Nullable String include,
      @RestQuery @Nullable String limit,
      @RestQuery(Paging.CURSOR) @Nullable String cursor) {
    InvalidFields wrong = query.collected();
    RunFilter filter =
        wrong.read(
            () -> RunFilter.of(status, task, code, warning, cause, parent, text, from, to),
            RunFilter.ALL);
    long before =
        cursor == null ? Long.MAX_VALUE : wrong.read(() -> RunCursor.of(cursor), Long.MAX_VALUE);
    int most =
        limit == null
            ? DEFAULT_LIMIT
            : wrong.read(() -> QueryNumber.of("limit", limit, 1, LARGEST_LIMIT), DEFAULT_LIMIT);
    Set<String> included = wrong.last(() -> QueryWords.of("include", include, OUTPUT));
    RunSearch.FoundRuns page =
        runs.search(caller.get(), profile, filter, before, most, included.contains(OUTPUT));
    RestResponse.ResponseBuilder<List<ListedRun>> answer =
        RestResponse.ResponseBuilder.ok(
            page.runs().stream()
                .map(
                    listed ->
                        new ListedRun(
                            listed.task(),
                            RunView.of(
                                listed.run(),
                                urls.linksOf(profile, listed.task(), listed.run()),
                                null)))
                .toList());
    Long next = page.next();
    return next == null
        ? answer.build()
        : answer.link(urls.next(RunCursor.after(next)), "next").build();
  }

  /**
   * A run of a profile as clients see it.
   *
   * @param run the run, without its entries
   */
  @RegisterForReflection
  public record ListedRun(String task, @JsonUnwrapped RunView run) {}
}
