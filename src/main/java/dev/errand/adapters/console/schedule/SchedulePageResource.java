package dev.errand.adapters.console.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.adapters.console.page.Console;
import dev.errand.adapters.console.page.ConsoleLayout;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.automation.schedule.ScheduleService;
import dev.errand.automation.schedule.ScheduleStore.ScheduleDetails;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.function.Supplier;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The page of a schedule, and its buttons. */
@Path("/console/{user}/{profile}/tasks/{task}/schedules/{schedule}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class SchedulePageResource {
  private static final String CURRENT = ScheduleListResource.CURRENT;

  private final Console console;
  private final ScheduleService schedules;
  private final Json json;

  SchedulePageResource(Console console, ScheduleService schedules, Json json) {
    this.console = console;
    this.schedules = schedules;
    this.json = json;
  }

  @CheckedTemplate(basePath = "console")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance schedule(ConsoleLayout layout, SchedulePageView view);
  }

  /** The page. */
  @GET
  public RestResponse<String> get(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String schedule) {
    PageRequest visit = console.visit(user, profile, CURRENT);
    return page(200, visit, task, schedule, null);
  }

  /** Stops it from firing until it is resumed. */
  @POST
  @Path("pause")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> pause(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String schedule,
      @RestForm @Nullable String ticket,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, CURRENT, ticket);
    return done(visit, task, schedule, uri, () -> enable(visit, task, schedule, false));
  }

  /** Lets it fire again, even if it has paused itself. */
  @POST
  @Path("resume")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> resume(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String schedule,
      @RestForm @Nullable String ticket,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, CURRENT, ticket);
    return done(
        visit,
        task,
        schedule,
        uri,
        () -> {
          ScheduleDetails details = schedules.get(visit.caller(), visit.profile(), task, schedule);
          if (details.schedule().definition().enabled()) {
            var _ = schedules.resume(visit.caller(), visit.profile(), task, schedule);
            return PagePaths.schedule(visit.layout().home(), task, schedule);
          }
          return enable(visit, task, schedule, true);
        });
  }

  /** Starts a run of it at once. */
  @POST
  @Path("run")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> run(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String schedule,
      @RestForm @Nullable String ticket,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, CURRENT, ticket);
    return done(
        visit,
        task,
        schedule,
        uri,
        () ->
            PagePaths.run(
                visit.layout().home(),
                task,
                schedules.run(visit.caller(), visit.profile(), task, schedule).run().name()));
  }

  /** Deletes it. */
  @POST
  @Path("delete")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> delete(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String schedule,
      @RestForm @Nullable String ticket,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, CURRENT, ticket);
    schedules.delete(visit.caller(), visit.profile(), task, schedule);
    return console.redirect(visit.layout().home() + "/schedules", uri);
  }

  private String enable(PageRequest visit, String task, String schedule, boolean enabled) {
    var _ =
        schedules.patch(
            visit.caller(), visit.profile(), task, schedule, json.object().put("enabled", enabled));
    return PagePaths.schedule(visit.layout().home(), task, schedule);
  }

  /**
   * Performs the action of a button, and redirects; if it is refused, the page says why.
   *
   * @param step the action, which returns the address to go to
   */
  private RestResponse<String> done(
      PageRequest visit, String task, String schedule, UriInfo uri, Supplier<String> step) {
    String address;
    try {
      address = step.get();
    } catch (ApiException e) {
      return page(e.code().status(), visit, task, schedule, Refusal.of(e));
    }
    return console.redirect(address, uri);
  }

  private RestResponse<String> page(
      int status, PageRequest visit, String task, String schedule, @Nullable String message) {
    ScheduleDetails details = schedules.get(visit.caller(), visit.profile(), task, schedule);
    String home = visit.layout().home();
    ScheduleFacts facts = ScheduleFacts.of(details);
    JsonNode parameters = json.tree(facts.parameters());
    SchedulePageView view =
        new SchedulePageView(
            task,
            PagePaths.task(home, task),
            PagePaths.schedule(home, task, facts.name()),
            facts,
            parameters.isEmpty() ? "" : parameters.toPrettyString(),
            schedules.fires(visit.caller(), visit.profile(), task, schedule).stream()
                .map(fire -> FireLine.of(fire, home, task))
                .toList(),
            message);
    return console.answer(status, visit, Templates.schedule(visit.layout(), view));
  }
}
