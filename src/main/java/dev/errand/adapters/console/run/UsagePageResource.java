package dev.errand.adapters.console.run;

import dev.errand.adapters.console.page.Console;
import dev.errand.adapters.console.page.ConsoleLayout;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.Texts;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.runs.history.UsageCsv;
import dev.errand.runs.history.UsageService;
import dev.errand.runs.history.UsageView;
import dev.errand.runs.task.TaskService;
import dev.errand.runs.task.TaskView;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The page with the usage of a profile, and the usage as a file. */
@Path("/console/{user}/{profile}")
@RunOnVirtualThread
public class UsagePageResource {
  private static final String CURRENT = "usage";
  private static final int MOST_TASKS = 500;

  private final Console console;
  private final UsageService usage;
  private final TaskService tasks;
  private final UsagePageViews views;

  UsagePageResource(Console console, UsageService usage, TaskService tasks, UsagePageViews views) {
    this.console = console;
    this.usage = usage;
    this.tasks = tasks;
    this.views = views;
  }

  @CheckedTemplate(basePath = "console")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance usage(ConsoleLayout layout, UsagePageView view);
  }

  /** The page. */
  @GET
  @Path("usage")
  @Produces(MediaType.TEXT_HTML)
  public RestResponse<String> get(
      @RestPath String user,
      @RestPath String profile,
      @RestQuery @Nullable String from,
      @RestQuery @Nullable String to,
      @RestQuery @Nullable String task) {
    PageRequest visit = console.withPlots(console.visit(user, profile, CURRENT));
    String wanted = Texts.given(task);
    List<String> names =
        tasks.list(visit.caller(), visit.profile(), "", MOST_TASKS).stream()
            .map(TaskView::name)
            .toList();
    UsageView used;
    try {
      used = used(visit, wanted, Texts.givenOrNull(from), Texts.givenOrNull(to));
    } catch (ApiException e) {
      if (e.code() != ErrorCode.INVALID_INPUT) {
        throw e;
      }
      UsagePageView again =
          views.refused(visit, Texts.given(from), Texts.given(to), names, wanted, Refusal.of(e));
      return console.answer(e.code().status(), visit, Templates.usage(visit.layout(), again));
    }
    return console.answer(
        visit, Templates.usage(visit.layout(), views.of(visit, used, names, wanted)));
  }

  private UsageView used(
      PageRequest visit, String task, @Nullable String from, @Nullable String to) {
    return task.isEmpty()
        ? usage.ofProfile(visit.caller(), visit.profile(), from, to)
        : usage.ofTask(visit.caller(), visit.profile(), task, from, to);
  }

  /** The usage as comma-separated values, a line for each task and day. */
  @GET
  @Path("usage.csv")
  @Produces(UsageCsv.MEDIA_TYPE)
  public RestResponse<UsageCsv> csv(
      @RestPath String user,
      @RestPath String profile,
      @RestQuery @Nullable String from,
      @RestQuery @Nullable String to,
      @RestQuery @Nullable String task) {
    PageRequest visit = console.visit(user, profile, CURRENT);
    String wanted = Texts.given(task);
    String first = Texts.givenOrNull(from);
    String last = Texts.givenOrNull(to);
    UsageCsv csv =
        wanted.isEmpty()
            ? usage.csvOfProfile(visit.caller(), visit.profile(), first, last)
            : usage.csvOfTask(visit.caller(), visit.profile(), wanted, first, last);
    return RestResponse.ResponseBuilder.ok(csv)
        .header(UsageCsv.DISPOSITION, csv.disposition())
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .header("X-Content-Type-Options", "nosniff")
        .build();
  }
}
