package dev.errand.adapters.console.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.automation.schedule.ScheduleService;
import dev.errand.automation.schedule.ScheduleStore.ScheduleDetails;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.function.Supplier;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The page of a schedule, and its buttons. */
@Path("/console/{user}/{profile}/tasks/{task}/schedules/{schedule}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class SchedulePageResource {
  private static final String CURRENT = ScheduleListResource.CURRENT;

  private final ScheduleService schedules;
  private final Json json;

  SchedulePageResource(ScheduleService schedules, Json json) {
    this.schedules = schedules;
    this.json = json;
  }

  /** The page. */
  @GET
  public RestResponse<String> get(
      PageRequest page, @RestPath String task, @RestPath String schedule) {
    return page(200, page, task, schedule, null);
  }

  /** Stops it from firing until it is resumed. */
  @POST
  @Path("pause")
  public RestResponse<String> pause(
      PageRequest page, @RestPath String task, @RestPath String schedule) {
    return done(page, task, schedule, () -> enable(page, task, schedule, false));
  }

  /** Lets it fire again, even if it has paused itself. */
  @POST
  @Path("resume")
  public RestResponse<String> resume(
      PageRequest page, @RestPath String task, @RestPath String schedule) {
    return done(
        page,
        task,
        schedule,
        () -> {
          ScheduleDetails details = schedules.get(page.caller(), page.profile(), task, schedule);
          if (details.schedule().definition().enabled()) {
            var _ = schedules.resume(page.caller(), page.profile(), task, schedule);
            return PagePaths.schedule(page.home(), task, schedule);
          }
          return enable(page, task, schedule, true);
        });
  }

  /** Starts a run of it at once. */
  @POST
  @Path("run")
  public RestResponse<String> run(
      PageRequest page, @RestPath String task, @RestPath String schedule) {
    return done(
        page,
        task,
        schedule,
        () ->
            PagePaths.run(
                page.home(),
                task,
                schedules.run(page.caller(), page.profile(), task, schedule).run().name()));
  }

  /** Deletes it. */
  @POST
  @Path("delete")
  public RestResponse<String> delete(
      PageRequest page, @RestPath String task, @RestPath String schedule) {
    schedules.delete(page.caller(), page.profile(), task, schedule);
    return page.redirect(page.home() + "/schedules");
  }

  private String enable(PageRequest page, String task, String schedule, boolean enabled) {
    var _ =
        schedules.patch(
            page.caller(), page.profile(), task, schedule, json.object().put("enabled", enabled));
    return PagePaths.schedule(page.home(), task, schedule);
  }

  /**
   * Performs the action of a button, and redirects; if it is refused, the page says why.
   *
   * @param step the action, which returns the address to go to
   */
  private RestResponse<String> done(
      PageRequest page, String task, String schedule, Supplier<String> step) {
    String address;
    try {
      address = step.get();
    } catch (ApiException e) {
      return page(e.code().status(), page, task, schedule, Refusal.of(e));
    }
    return page.redirect(address);
  }

  private RestResponse<String> page(
      int status, PageRequest page, String task, String schedule, @Nullable String message) {
    ScheduleDetails details = schedules.get(page.caller(), page.profile(), task, schedule);
    String home = page.home();
    ScheduleFacts facts = ScheduleFacts.of(details);
    JsonNode parameters = json.tree(facts.parameters());
    SchedulePageView view =
        new SchedulePageView(
            task,
            PagePaths.task(home, task),
            PagePaths.schedule(home, task, facts.name()),
            facts,
            parameters.isEmpty() ? "" : parameters.toPrettyString(),
            schedules.fires(page.caller(), page.profile(), task, schedule).stream()
                .map(fire -> FireLine.of(fire, home, task))
                .toList(),
            message);
    return page.answer(status, CURRENT, ScheduleTemplates.schedule(view));
  }
}
