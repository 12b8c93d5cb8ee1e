package dev.errand.adapters.console.schedule;

import dev.errand.adapters.console.page.ListPart;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.TaskPlace;
import dev.errand.adapters.console.schedule.ScheduleListView.Line;
import dev.errand.automation.schedule.ProfileSchedules;
import dev.errand.automation.schedule.ProfileSchedules.ListedSchedule;
import dev.errand.base.http.Paging;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The page that lists the schedules of a profile. */
@Path("/console/{user}/{profile}/schedules")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ScheduleListResource {
  static final String CURRENT = "schedules";

  private final ProfileSchedules schedules;

  ScheduleListResource(ProfileSchedules schedules) {
    this.schedules = schedules;
  }

  /** The page. */
  @GET
  public RestResponse<String> list(
      PageRequest page, @RestQuery(Paging.CURSOR) @Nullable String cursor) {
    TaskPlace after = TaskPlace.of(cursor);
    List<ListedSchedule> read =
        schedules.list(page.caller(), page.profile(), after.task(), after.key(), TaskPlace.READ);
    String home = page.home();
    ListPart<ListedSchedule> shown =
        TaskPlace.page(
            read,
            listed -> new TaskPlace(listed.task(), listed.details().schedule().name()),
            home + "/schedules");
    ScheduleListView view =
        new ScheduleListView(
            shown.items().stream().map(listed -> line(listed, home)).toList(), shown.next());
    return page.answer(CURRENT, ScheduleTemplates.schedules(view));
  }

  private static Line line(ListedSchedule listed, String home) {
    ScheduleFacts facts = ScheduleFacts.of(listed.details());
    return new Line(
        facts.name(),
        PagePaths.schedule(home, listed.task(), facts.name()),
        listed.task(),
        PagePaths.task(home, listed.task()),
        facts.words(),
        facts.standstill(),
        facts.next().isEmpty() ? null : facts.next().getFirst(),
        listed.last() == null ? null : FireLine.of(listed.last(), home, listed.task()));
  }
}
