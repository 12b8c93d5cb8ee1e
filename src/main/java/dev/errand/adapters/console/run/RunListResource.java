package dev.errand.adapters.console.run;

import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.RunLines;
import dev.errand.adapters.console.page.Texts;
import dev.errand.adapters.console.run.RunListView.Filter;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.runs.history.RunCursor;
import dev.errand.runs.history.RunFilter;
import dev.errand.runs.history.RunSearch;
import dev.errand.runs.task.TaskService;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  public RestResponse<String> list(
      PageRequest page,
      @RestQuery @Nullable String status,
      @RestQuery @Nullable String task,
      @RestQuery @Nullable String code,
      @RestQuery @Nullable String cause,
      @RestQuery @Nullable String parent,
      @RestQuery @Nullable String from,
      @RestQuery @Nullable String to,
      @RestQuery @Nullable String cursor) {
    Filter filter =
        new Filter(
            Texts.given(status),
            Texts.given(task),
            Texts.given(code),
            Texts.given(cause),
            Texts.given(parent),
            Texts.given(from),
            Texts.given(to));
    RunSearch.FoundRuns found = new RunSearch.FoundRuns(List.of(), null);
    String message = null;
    try {
      long before = cursor == null ? Long.MAX_VALUE : RunCursor.of(cursor);
      found = runs.search(page.caller(), page.profile(), wanted(filter), before, LINES);
    } catch (ApiException e) {
      if (e.code() != ErrorCode.INVALID_INPUT) {
        throw e;
      }
      message = Refusal.of(e);
    }
    String home = page.home();
    Long next = found.next();
    List<String> names = tasks.names(page.caller(), page.profile());
    RunListView view =
        new RunListView(
            filter,
            names,
            lines.of(found.runs(), home),
            next == null ? null : address(home, filter, RunCursor.after(next)),
            cursor == null && message == null ? address(home, filter, "") : null,
            !filter.isEmpty(),
            message);
    return page.answer(
        message == null ? 200 : ErrorCode.INVALID_INPUT.status(), "runs", RunTemplates.runs(view));
  }

  private static RunFilter wanted(Filter filter) {
    return RunFilter.of(
        List.of(filter.status()),
        filter.task(),
        filter.code(),
        filter.cause(),
        filter.parent(),
        Texts.utc(filter.from()),
        Texts.utc(filter.to()));
  }

  private static String address(String home, Filter filter, String cursor) {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("status", filter.status());
    query.put("task", filter.task());
    query.put("code", filter.code());
    query.put("cause", filter.cause());
    query.put("parent", filter.parent());
    query.put("from", filter.from());
    query.put("to", filter.to());
    query.put("cursor", cursor);
    return home + "/runs" + PagePaths.query(query);
  }
}
