package dev.errand.adapters.console.run;

import dev.errand.adapters.console.page.ListFilter;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.RunLines;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.page.PagePaths;
import dev.errand.runs.history.RunCursor;
import dev.errand.runs.history.RunFilter;
import dev.errand.runs.history.RunSearch;
import dev.errand.runs.task.TaskService;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The page that lists the runs of a profile. */
@Path("/console/{user}/{profile}/runs")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class RunListResource {
  private static final int LINES = 50;

  private final RunSearch runs;
  private final TaskService tasks;
  private final RunLines lines;

  RunListResource(RunSearch runs, TaskService tasks, RunLines lines) {
    this.runs = runs;
    this.tasks = tasks;
    this.lines = lines;
  }

  /** The page. */
  @GET
  public RestResponse<String> list(PageRequest page, @RestQuery @Nullable String cursor) {
    ListFilter filter =
        ListFilter.of(
            page, "status", "task", "code", "warning", "cause", "parent", "text", "from", "to");
    RunSearch.FoundRuns selected = new RunSearch.FoundRuns(List.of(), null);
    String message = null;
    int status = RestResponse.StatusCode.OK;
    try {
      long before = cursor == null ? Long.MAX_VALUE : RunCursor.of(cursor);
      selected =
          runs.searchBriefly(page.caller(), page.profile(), selection(filter), before, LINES);
    } catch (ApiException e) {
      if (e.code() != ErrorCode.INVALID_INPUT && e.code() != ErrorCode.UNAVAILABLE) {
        throw e;
      }
      message = Refusal.of(e);
      status = e.code().status();
    }
    String address = page.home() + "/runs";
    Long next = selected.next();
    RunListView view =
        new RunListView(
            filter,
            tasks.names(page.caller(), page.profile()),
            lines.of(selected.runs(), page.home()),
            next == null ? null : address + filter.query(RunCursor.after(next)),
            // A search by text takes too long to be repeated by itself.
            cursor == null && message == null && filter.get("text").isEmpty()
                ? address + filter.query("")
                : null,
            filter.get("task").isEmpty() || selected.runs().size() < 2
                ? null
                : PagePaths.compare(page.home(), selected.runs().getFirst().task()),
            filter.get("text").isEmpty() || message != null ? null : searched(selected),
            message);
    return page.answer(status, RunTemplates.CURRENT, RunTemplates.runs(view));
  }

  private String searched(RunSearch.FoundRuns found) {
    Long next = found.next();
    if (next == null) {
      return "All runs were searched.";
    }
    return found.runs().size() == LINES
        ? "There may be more."
        : "Searched back to "
            + runs.createdAt(next).map(time -> PageTime.of(time).text()).orElse("an old run")
            + ". Older runs were not searched.";
  }

  private static RunFilter selection(ListFilter filter) {
    return RunFilter.of(
        List.of(filter.get("status")),
        filter.get("task"),
        filter.get("code"),
        filter.get("warning"),
        filter.get("cause"),
        filter.get("parent"),
        filter.get("text"),
        filter.time("from"),
        filter.time("to"));
  }
}
