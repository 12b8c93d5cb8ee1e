package dev.errand.adapters.console.task;

import dev.errand.adapters.console.page.Amounts;
import dev.errand.adapters.console.page.ListPart;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.RunLine;
import dev.errand.adapters.console.page.RunLines;
import dev.errand.automation.schedule.ProfileSchedules;
import dev.errand.automation.schedule.ScheduleRows.Coming;
import dev.errand.automation.watch.TaskWatchService;
import dev.errand.automation.watch.TaskWatchView;
import dev.errand.base.http.Paging;
import dev.errand.identity.page.PagePaths;
import dev.errand.runs.history.RunSearch;
import dev.errand.runs.history.UsageService;
import dev.errand.runs.history.UsageView.OfTask;
import dev.errand.runs.task.TaskService;
import dev.errand.runs.task.TaskView;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The page that lists the tasks of a profile. */
@Path("/console/{user}/{profile}/tasks")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class TaskListResource {
  private static final int LINES = 100;
  private static final int MOST_FIRES = 1000;
  private static final int MOST_MISSED = 1000;

  private final TaskService tasks;
  private final RunSearch runs;
  private final ProfileSchedules fires;
  private final RunLines lines;
  private final UsageService usage;
  private final TaskWatchService watches;

  TaskListResource(
      TaskService tasks,
      RunSearch runs,
      ProfileSchedules fires,
      RunLines lines,
      UsageService usage,
      TaskWatchService watches) {
    this.tasks = tasks;
    this.runs = runs;
    this.fires = fires;
    this.lines = lines;
    this.usage = usage;
    this.watches = watches;
  }

  /** The page. */
  @GET
  public RestResponse<String> list(
      PageRequest page, @RestQuery(Paging.CURSOR) @Nullable String cursor) {
    String home = page.home();
    Paging.Part part = Paging.Part.of(Integer.toString(LINES), cursor);
    ListPart<TaskView> listed =
        ListPart.of(
            tasks.list(page.caller(), page.profile(), part.after(), part.limit()),
            TaskView::name,
            ListPart.at(home + "/tasks"));
    Map<String, RunLine> last = new HashMap<>();
    for (RunSearch.FoundRun newest :
        runs.newest(
            page.caller(), page.profile(), listed.items().stream().map(TaskView::name).toList())) {
      last.put(newest.task(), lines.of(newest.run(), newest.task(), home));
    }
    Map<String, PageTime> next = new HashMap<>();
    for (Coming fire : fires.coming(page.caller(), page.profile(), MOST_FIRES)) {
      next.putIfAbsent(fire.task(), PageTime.of(fire.time()));
    }
    Map<String, List<TaskWatchView>> missed =
        watches.missed(page.caller(), page.profile(), MOST_MISSED);
    Map<String, String> month = month(page);
    List<TaskItem> shown =
        listed.items().stream()
            .map(
                task ->
                    new TaskItem(
                        task,
                        PagePaths.task(home, task.name()),
                        last.get(task.name()),
                        month.getOrDefault(task.name(), ""),
                        next.get(task.name()),
                        missed.getOrDefault(task.name(), List.of()).stream()
                            .map(TaskWatchView::sentence)
                            .toList()))
            .toList();
    return page.answer(
        TaskPageResource.CURRENT, TaskTemplates.tasks(new ListPart<>(shown, listed.next())));
  }

  /** The outcomes of the runs of the last 30 days, by the name of their task. */
  private Map<String, String> month(PageRequest page) {
    Map<String, String> month = new HashMap<>();
    for (OfTask task : usage.ofProfile(page.caller(), page.profile(), null, null).tasks()) {
      long ended = task.used().runsReady() + task.used().runsError();
      if (!task.deleted() && ended > 0) {
        month.put(
            task.task(),
            "%d %% of %s".formatted(100 * task.used().runsReady() / ended, Amounts.number(ended)));
      }
    }
    return month;
  }
}
