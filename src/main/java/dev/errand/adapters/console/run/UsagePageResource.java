package dev.errand.adapters.console.run;

import dev.errand.adapters.console.page.ListFilter;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.Texts;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.runs.history.UsageCsv;
import dev.errand.runs.history.UsageService;
import dev.errand.runs.history.UsageView;
import dev.errand.runs.history.UsageView.OfTask;
import dev.errand.runs.task.TaskService;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestResponse;

/** The page with the usage of a profile, and the usage as a file. */
@Path("/console/{user}/{profile}")
@RunOnVirtualThread
public class UsagePageResource {
  private static final String CURRENT = "usage";

  private final UsageService usage;
  private final TaskService tasks;
  private final UsagePageViews views;

  UsagePageResource(UsageService usage, TaskService tasks, UsagePageViews views) {
    this.usage = usage;
    this.tasks = tasks;
    this.views = views;
  }

  /** The page. */
  @GET
  @Path("usage")
  @Produces(MediaType.TEXT_HTML)
  public RestResponse<String> get(PageRequest page) {
    page.addPlots();
    ListFilter filter = ListFilter.of(page, "from", "to", "task");
    String task = filter.get("task");
    String from = Texts.givenOrNull(filter.get("from"));
    String to = Texts.givenOrNull(filter.get("to"));
    UsageView used;
    List<OfTask> byTask = List.of();
    String message = null;
    List<String> names = tasks.names(page.caller(), page.profile());
    try {
      if (task.isEmpty()) {
        UsageView.OfProfile ofAll = usage.ofProfile(page.caller(), page.profile(), from, to);
        used = ofAll.all();
        byTask = ofAll.tasks();
      } else {
        used = usage.ofTask(page.caller(), page.profile(), task, from, to);
      }
    } catch (ApiException e) {
      if (e.code() != ErrorCode.INVALID_INPUT) {
        throw e;
      }
      used = UsagePageViews.NOTHING;
      message = Refusal.of(e);
    }
    return page.answer(
        message == null ? 200 : ErrorCode.INVALID_INPUT.status(),
        CURRENT,
        RunTemplates.usage(views.of(page, filter, used, byTask, names, message)));
  }

  /** The usage as comma-separated values, a line for each task and day. */
  @GET
  @Path("usage.csv")
  @Produces(UsageCsv.MEDIA_TYPE)
  public RestResponse<UsageCsv> csv(PageRequest page) {
    ListFilter filter = ListFilter.of(page, "from", "to", "task");
    String task = filter.get("task");
    String from = Texts.givenOrNull(filter.get("from"));
    String to = Texts.givenOrNull(filter.get("to"));
    UsageCsv csv =
        task.isEmpty()
            ? usage.csvOfProfile(page.caller(), page.profile(), from, to)
            : usage.csvOfTask(page.caller(), page.profile(), task, from, to);
    return PageRequest.file(UsageCsv.MEDIA_TYPE + ";charset=UTF-8", csv, csv.disposition());
  }
}
