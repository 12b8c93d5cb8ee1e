package dev.errand.adapters.console.run;

import dev.errand.adapters.console.page.Choice;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.RunWords;
import dev.errand.adapters.console.run.ComparePageView.Compared;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.limit.ReadBudget.Held;
import dev.errand.base.limit.RequestMemory;
import dev.errand.base.turn.RequestPools;
import dev.errand.base.turn.WorkOwner;
import dev.errand.identity.page.PagePaths;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.Right;
import dev.errand.runs.history.RunFilter;
import dev.errand.runs.history.RunSearch;
import dev.errand.runs.lifecycle.RunService;
import dev.errand.runs.lifecycle.RunService.SizedRun;
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
  // Bytes of heap for what is shown of a comparison: the differences, the page, and its bytes.
  private static final int PAGE = 1 << 19;

  private final RunService runs;
  private final RunSearch search;
  private final RunComparisons comparisons;
  private final ProfileAccess access;
  private final RequestPools pools;
  private final RequestMemory memory;

  ComparePageResource(
      RunService runs,
      RunSearch search,
      RunComparisons comparisons,
      ProfileAccess access,
      RequestPools pools,
      RequestMemory memory) {
    this.runs = runs;
    this.search = search;
    this.comparisons = comparisons;
    this.access = access;
    this.pools = pools;
    this.memory = memory;
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
    List<SizedRun> chosen = chosen(page, task, names);
    List<Run> newest = newest(page, RunFilter.ofTask(task), Long.MAX_VALUE, OFFERED);
    boolean areTwo = chosen.size() == 2;
    List<Choice> first = choices(newest, areTwo ? chosen.getFirst().run() : null);
    List<Choice> second = choices(newest, chosen.isEmpty() ? null : chosen.getLast().run());
    ComparePageView view =
        new ComparePageView(
            task,
            PagePaths.task(page.home(), task),
            first,
            second,
            areTwo ? compared(page, profile, task, chosen) : null,
            areTwo ? null : message(names.size(), chosen.size()));
    return page.answer(
        view.message() == null || names.size() <= 1 ? 200 : ErrorCode.INVALID_INPUT.status(),
        RunTemplates.CURRENT,
        RunTemplates.compare(view));
  }

  private List<SizedRun> chosen(PageRequest page, String task, List<String> names) {
    List<SizedRun> chosen =
        new ArrayList<>(
            names.stream().distinct().limit(MOST).map(name -> sized(page, task, name)).toList());
    if (names.size() == 1) {
      chosen.addAll(before(page, task, chosen.getFirst().run()));
    }
    chosen.sort(Comparator.comparingLong(each -> each.run().id()));
    return chosen;
  }

  /**
   * Compares two runs, in turns with others. All that this takes is held before it begins, so that
   * no more is begun than there is memory for: what has given up its turn goes on to hold it.
   */
  private Compared compared(PageRequest page, Profile profile, String task, List<SizedRun> chosen) {
    SizedRun before = chosen.getFirst();
    SizedRun after = chosen.getLast();
    String user = page.caller().username();
    // Of the list of runs, only the words are left. Who waits holds nothing that others wait for.
    memory.keep(user, 0).close();
    Held held = memory.open(user);
    held.holdHeap(PAGE + RunComparisons.heap(before, after));
    WorkOwner owner = WorkOwner.of(user, profile.id());
    Compared compared =
        pools
            .compute()
            .call(
                owner,
                () ->
                    comparisons.of(
                        owner,
                        read(page, task, before),
                        read(page, task, after),
                        task,
                        page.home()));
    held.keepHeap(PAGE);
    return compared;
  }

  private Run read(PageRequest page, String task, SizedRun run) {
    return runs.getWithin(
        page.caller(), page.profile(), task, run.run().name(), RunComparisons.read(run.sizes()));
  }

  private List<Run> newest(PageRequest page, RunFilter filter, long before, int most) {
    return search.searchBriefly(page.caller(), page.profile(), filter, before, most).runs().stream()
        .map(RunSearch.FoundRun::run)
        .toList();
  }

  private SizedRun sized(PageRequest page, String task, String run) {
    return runs.getSized(page.caller(), page.profile(), task, run);
  }

  private List<SizedRun> before(PageRequest page, String task, Run run) {
    RunFilter ended = RunFilter.ofTask(task, EnumSet.of(RunStatus.READY, RunStatus.ERROR));
    return newest(page, ended, run.id(), 1).stream()
        .map(found -> sized(page, task, found.name()))
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
