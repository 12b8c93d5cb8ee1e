package dev.errand.adapters.console.run;

import dev.errand.adapters.console.page.Choice;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.RunWords;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.turn.RequestPools;
import dev.errand.base.turn.WorkOwner;
import dev.errand.identity.page.PagePaths;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.Right;
import dev.errand.runs.history.RunFilter;
import dev.errand.runs.history.RunSearch;
import dev.errand.runs.lifecycle.RunService;
import dev.errand.runs.queue.Run;
import dev.errand.runs.queue.RunStatus;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The page that compares two runs of a task. */
@Path("/console/{user}/{profile}/tasks/{task}/compare")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ComparePageResource {
  private static final int OFFERED = 50;
  // Enough to know that there are too many.
  private static final int MOST = 3;
  // In bytes; of a longer output, the beginning is compared. It is parsed and written out besides.
  private static final int LONGEST = 1 << 20;

  private final RunService runs;
  private final RunSearch search;
  private final RunComparisons comparisons;
  private final ProfileAccess access;
  private final RequestPools pools;

  ComparePageResource(
      RunService runs,
      RunSearch search,
      RunComparisons comparisons,
      ProfileAccess access,
      RequestPools pools) {
    this.runs = runs;
    this.search = search;
    this.comparisons = comparisons;
    this.access = access;
    this.pools = pools;
  }

  /**
   * The page.
   *
   * @param run the names of two runs; with one name, it is compared with the run that ended before
   */
  @GET
  public RestResponse<String> get(
      PageRequest page, @RestPath String task, @RestQuery List<String> run) {
    List<String> names = run.stream().filter(name -> !name.isEmpty()).toList();
    Profile profile = access.require(page.caller(), page.profile(), Right.SEE_RUNS);
    WorkOwner owner = WorkOwner.of(page.caller().username(), profile.id());
    // With all that is read for it: two runs may have long answers.
    ComparePageView view = pools.compute().call(owner, () -> view(page, owner, task, names));
    return page.answer(
        view.message() == null || names.size() <= 1 ? 200 : ErrorCode.INVALID_INPUT.status(),
        RunTemplates.CURRENT,
        RunTemplates.compare(view));
  }

  private ComparePageView view(PageRequest page, WorkOwner owner, String task, List<String> names) {
    List<Run> chosen =
        new ArrayList<>(
            names.stream().distinct().limit(MOST).map(name -> found(page, task, name)).toList());
    if (names.size() == 1) {
      chosen.addAll(before(page, task, chosen.getFirst()));
    }
    chosen.sort(Comparator.comparingLong(Run::id));
    boolean areTwo = chosen.size() == 2;
    List<Run> newest =
        search
            .searchBriefly(
                page.caller(), page.profile(), RunFilter.ofTask(task), Long.MAX_VALUE, OFFERED)
            .runs()
            .stream()
            .map(RunSearch.FoundRun::run)
            .toList();
    return new ComparePageView(
        task,
        PagePaths.task(page.home(), task),
        choices(newest, areTwo ? chosen.getFirst() : null),
        choices(newest, chosen.isEmpty() ? null : chosen.getLast()),
        areTwo ? comparisons.of(owner, chosen.getFirst(), chosen.get(1), task, page.home()) : null,
        areTwo ? null : message(names.size(), chosen.size()));
  }

  private Run found(PageRequest page, String task, String run) {
    Run brief = runs.getBriefly(page.caller(), page.profile(), task, run);
    Integer bytes = brief.outputBytes();
    return bytes == null || bytes > LONGEST
        ? brief
        : runs.get(page.caller(), page.profile(), task, run, RunService.Entries.NONE).run();
  }

  private List<Run> before(PageRequest page, String task, Run run) {
    return runs
        .list(
            page.caller(),
            page.profile(),
            task,
            EnumSet.of(RunStatus.READY, RunStatus.ERROR),
            run.id(),
            1,
            false,
            RunService.Entries.NONE)
        .runs()
        .stream()
        .map(listed -> found(page, task, listed.run().name()))
        .toList();
  }

  private static String message(int named, int chosen) {
    if (named == 0) {
      return "Choose two runs of the task.";
    }
    return named == 1
        ? "No run of this task ended before. Choose another one to compare it with."
        : "Choose two runs, and not " + (chosen == 1 ? "one." : "more.");
  }

  private static List<Choice> choices(List<Run> newest, @Nullable Run chosen) {
    List<Choice> choices = new ArrayList<>();
    if (chosen != null && newest.stream().noneMatch(run -> run.id() == chosen.id())) {
      choices.add(choice(chosen, true));
    }
    for (Run run : newest) {
      choices.add(choice(run, chosen != null && run.id() == chosen.id()));
    }
    return choices;
  }

  private static Choice choice(Run run, boolean isChosen) {
    return new Choice(
        run.name(),
        "%s, %s, %s"
            .formatted(
                run.name(),
                RunWords.word(run.status(), run.errorCode()),
                PageTime.of(run.createdAt()).text()),
        isChosen);
  }
}
