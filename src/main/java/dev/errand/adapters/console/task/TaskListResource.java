package dev.errand.adapters.console.task;

import dev.errand.adapters.console.page.Amounts;
import dev.errand.adapters.console.page.Console;
import dev.errand.adapters.console.page.ConsoleLayout;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.RunLine;
import dev.errand.adapters.console.page.RunLines;
import dev.errand.automation.schedule.ProfileSchedules;
import dev.errand.automation.schedule.ScheduleRows.Coming;
import dev.errand.base.http.Paging;
import dev.errand.runs.history.RunSearch;
import dev.errand.runs.history.UsageService;
import dev.errand.runs.history.UsageView;
import dev.errand.runs.history.UsageView.OfTask;
import dev.errand.runs.task.TaskService;
import dev.errand.runs.task.TaskView;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jboss.resteasy.reactive.RestPath;
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

  private final Console console;
  private final TaskService tasks;
  private final RunSearch runs;
  private final ProfileSchedules fires;
  private final RunLines lines;
  private final UsageService usage;

  TaskListResource(
      Console console,
      TaskService tasks,
      RunSearch runs,
      ProfileSchedules fires,
      RunLines lines,
      UsageService usage) {
    this.console = console;
    this.tasks = tasks;
    this.runs = runs;
    this.fires = fires;
    this.lines = lines;
    this.usage = usage;
  }

  @CheckedTemplate(basePath = "console")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance tasks(ConsoleLayout layout, TaskListView view);
  }

  /** The page. */
  @GET
  public RestResponse<String> list(
      @RestPath String user,
      @RestPath String profile,
      @RestQuery(Paging.CURSOR) @Nullable String cursor) {
    PageRequest visit = console.visit(user, profile, "tasks");
    String home = visit.layout().home();
    Paging.Part part = Paging.Part.of(Integer.toString(LINES), cursor);
    List<TaskView> read = tasks.list(visit.caller(), visit.profile(), part.after(), part.read());
    List<TaskView> page = read.subList(0, Math.min(LINES, read.size()));
    Map<String, RunLine> last = new HashMap<>();
    for (RunSearch.FoundRun newest :
        runs.newest(visit.caller(), visit.profile(), page.stream().map(TaskView::name).toList())) {
      last.put(newest.task(), lines.of(newest.run(), newest.task(), home));
    }
    Map<String, PageTime> next = new HashMap<>();
    for (Coming fire : fires.coming(visit.caller(), visit.profile(), MOST_FIRES)) {
      next.putIfAbsent(fire.task(), PageTime.of(fire.time()));
    }
    Map<String, String> month = month(visit);
    List<TaskListView.Line> shown =
        page.stream()
            .map(
                task ->
                    new TaskListView.Line(
                        task.name(),
                        PagePaths.task(home, task.name()),
                        task.effective().model(),
                        task.enabled(),
                        last.get(task.name()),
                        month.getOrDefault(task.name(), ""),
                        next.get(task.name())))
            .toList();
    String following =
        read.size() > page.size()
            ? home
                + "/tasks"
                + PagePaths.query(Map.of(Paging.CURSOR, Paging.cursorAfter(page.getLast().name())))
            : null;
    return console.answer(
        visit, Templates.tasks(visit.layout(), new TaskListView(shown, following)));
  }

  /** The outcomes of the runs of the last 30 days, by the name of their task. */
  private Map<String, String> month(PageRequest visit) {
    UsageView used = usage.ofProfile(visit.caller(), visit.profile(), null, null);
    Map<String, String> month = new HashMap<>();
    for (OfTask task : Objects.requireNonNullElse(used.tasks(), List.<OfTask>of())) {
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
