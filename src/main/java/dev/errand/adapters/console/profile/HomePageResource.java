package dev.errand.adapters.console.profile;

import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.RunLine;
import dev.errand.adapters.console.profile.HomeView.NewAnswer;
import dev.errand.adapters.console.task.RunFormReader;
import dev.errand.automation.schedule.ProfileSchedules;
import dev.errand.identity.page.PagePaths;
import dev.errand.runs.task.TaskService;
import io.quarkus.arc.All;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The home of a profile. */
@Path("/console/{user}/{profile}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class HomePageResource {
  private static final int FIRES = 6;

  private final TaskService tasks;
  private final HomeRuns runs;
  private final HomeAttention attention;
  private final ProfileSchedules fires;
  private final HomeCosts costs;
  private final RunFormReader forms;
  private final List<FirstRun> offers;

  HomePageResource(
      TaskService tasks,
      HomeRuns runs,
      HomeAttention attention,
      ProfileSchedules fires,
      HomeCosts costs,
      RunFormReader forms,
      @All List<FirstRun> offers) {
    this.tasks = tasks;
    this.runs = runs;
    this.attention = attention;
    this.fires = fires;
    this.costs = costs;
    this.forms = forms;
    this.offers = offers;
  }

  /** The page. */
  @GET
  public RestResponse<String> get(PageRequest page) {
    List<RunLine> live = runs.live(page);
    List<NewAnswer> answers = runs.answers(page);
    boolean hasRuns = !live.isEmpty() || !answers.isEmpty() || runs.hasAny(page);
    HomeView view =
        new HomeView(
            tasks.hasAny(page.caller(), page.profile()),
            hasRuns,
            hasRuns || !page.mayRun() ? null : offer(page),
            page.waiting(),
            runs.waiting(page),
            attention.of(page),
            answers,
            live,
            fires.coming(page.caller(), page.profile(), FIRES).stream()
                .map(
                    fire ->
                        new HomeView.Fire(
                            fire.task(),
                            PagePaths.schedule(page.home(), fire.task(), fire.schedule()),
                            fire.schedule(),
                            PageTime.of(fire.time())))
                .toList(),
            costs.today(page),
            costs.month(page));
    return page.answer("home", ProfileTemplates.home(view));
  }

  private HomeView.@Nullable Offer offer(PageRequest page) {
    return offers.stream()
        .flatMap(offer -> offer.in(page.profile()).stream())
        .findFirst()
        .map(
            offer ->
                new HomeView.Offer(
                    PagePaths.task(page.home(), offer.task()) + "/run",
                    forms.newName(),
                    List.copyOf(offer.parameters().entrySet())))
        .orElse(null);
  }
}
