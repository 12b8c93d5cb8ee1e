package dev.errand.adapters.console.run;

import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.Texts;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.runs.history.UsageCsv;
import dev.errand.runs.history.UsageService;
import dev.errand.runs.history.UsageView;
import dev.errand.runs.task.TaskService;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

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
  public RestResponse<String> get(
      PageRequest page,
      @RestQuery @Nullable String from,
      @RestQuery @Nullable String to,
      @RestQuery @Nullable String task) {
    page.addPlots();
    String wanted = Texts.given(task);
    List<String> names = tasks.names(page.caller(), page.profile());
    UsageView used;
    try {
      used = used(page, wanted, Texts.givenOrNull(from), Texts.givenOrNull(to));
    } catch (ApiException e) {
      if (e.code() != ErrorCode.INVALID_INPUT) {
        throw e;
      }
      UsagePageView again =
          views.refused(page, Texts.given(from), Texts.given(to), names, wanted, Refusal.of(e));
      return page.answer(e.code().status(), CURRENT, RunTemplates.usage(again));
    }
    return page.answer(CURRENT, RunTemplates.usage(views.of(page, used, names, wanted)));
  }

  private UsageView used(
      PageRequest page, String task, @Nullable String from, @Nullable String to) {
    return task.isEmpty()
        ? usage.ofProfile(page.caller(), page.profile(), from, to)
        : usage.ofTask(page.caller(), page.profile(), task, from, to);
  }

  /** The usage as comma-separated values, a line for each task and day. */
  @GET
  @Path("usage.csv")
  @Produces(UsageCsv.MEDIA_TYPE)
  public RestResponse<UsageCsv> csv(
      PageRequest page,
      @RestQuery @Nullable String from,
      @RestQuery @Nullable String to,
      @RestQuery @Nullable String task) {
    String wanted = Texts.given(task);
    String first = Texts.givenOrNull(from);
    String last = Texts.givenOrNull(to);
    UsageCsv csv =
        wanted.isEmpty()
            ? usage.csvOfProfile(page.caller(), page.profile(), first, last)
            : usage.csvOfTask(page.caller(), page.profile(), wanted, first, last);
    return RestResponse.ResponseBuilder.ok(csv)
        .header(UsageCsv.DISPOSITION, csv.disposition())
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .header("X-Content-Type-Options", "nosniff")
        .build();
  }
}
