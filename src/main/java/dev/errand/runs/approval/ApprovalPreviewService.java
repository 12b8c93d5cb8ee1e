package dev.errand.runs.approval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.cel.Condition;
import dev.errand.base.cel.StepBudget;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.WellFormed;
import dev.errand.base.turn.RequestPools;
import dev.errand.base.turn.WorkOwner;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.runs.approval.ApprovalPreview.Count;
import dev.errand.runs.approval.ApprovalPreview.Example;
import dev.errand.runs.entry.RunEntry;
import dev.errand.runs.history.PastToolCalls;
import dev.errand.runs.history.PastToolCalls.PastCall;
import dev.errand.runs.history.RunUrls;
import dev.errand.tools.install.InstallationService;
import dev.errand.tools.install.InstallationView;
import dev.errand.tools.install.ProfileToolbox;
import dev.errand.tools.port.ApprovalRule;
import dev.errand.tools.port.ApprovalRules;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Previews approval rules of an installation on the calls of the last 30 days, as far as the steps
 * and the time of a preview suffice.
 */
@ApplicationScoped
public class ApprovalPreviewService {
  private static final Duration SPAN = Duration.ofDays(30);
  private static final int MOST_EXAMPLES = 20;
  private static final int LONGEST_ARGUMENTS = 500;

  // What all conditions may take together: five times what one may, and a hundred times what those
  // of 10,000 calls take that have a few fields.
  private static final long MOST_STEPS = 5L * Condition.MOST_STEPS;
  private static final Duration TURN = Duration.ofMillis(50);
  private static final String FIELD = "approvals";

  private final ProfileAccess access;
  private final InstallationService installations;
  private final ProfileToolbox toolboxes;
  private final PastToolCalls past;
  private final RequestPools pools;
  private final RunUrls urls;
  private final Clock clock;

  ApprovalPreviewService(
      ProfileAccess access,
      InstallationService installations,
      ProfileToolbox toolboxes,
      PastToolCalls past,
      RequestPools pools,
      RunUrls urls,
      Clock clock) {
    this.access = access;
    this.installations = installations;
    this.toolboxes = toolboxes;
    this.past = past;
    this.pools = pools;
    this.urls = urls;
    this.clock = clock;
  }

  /**
   * Which calls would have waited. Tools are known by the names that they have now.
   *
   * @param rules the rules; null for those that the installation has
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, {@link
   *     ErrorCode#INSTALLATION_NOT_FOUND}, or when the rules are not valid
   */
  public ApprovalPreview preview(
      Caller caller, ProfileSlug slug, String name, @Nullable JsonNode rules) {
    Profile profile = access.require(caller, slug, Right.SEE);
    InstallationView installation = installations.get(caller, slug, name);
    WorkOwner owner = WorkOwner.of(caller.username(), profile.id());
    JsonNode given = rules == null || rules.isNull() ? installation.approvals() : rules;
    ApprovalRules wanted = pools.compute().call(owner, () -> ApprovalRules.checked(FIELD, given));
    Map<String, String> names = toolboxes.names(profile.id(), installation.binding().id());
    Instant since = clock.instant().minus(SPAN);
    Sums sums = new Sums(wanted, names);
    PastToolCalls.Walk walk = past.walk(profile.id(), since, names.keySet());
    look(owner, walk, sums);
    return new ApprovalPreview(
        since,
        sums.isCut ? sums.runs : walk.runs(),
        sums.calls,
        sums.byTool.values().stream().mapToInt(Count::waiting).sum(),
        walk.isComplete() && !sums.isCut,
        sums.byTool,
        sums.waiting.stream().map(waiting -> example(slug, waiting)).toList());
  }

  // Page by page, and each in turns of the caller: between two of them others have theirs.
  private void look(WorkOwner owner, PastToolCalls.Walk walk, Sums sums) {
    long end = System.nanoTime() + pools.longest().toNanos();
    while (!walk.isOver() && !sums.isCut) {
      List<PastCall> rest = walk.page();
      while (!rest.isEmpty() && !sums.isCut) {
        List<PastCall> some = rest;
        int looked = pools.compute().call(owner, () -> sums.add(some));
        rest = rest.subList(looked, rest.size());
        sums.isCut |= System.nanoTime() - end >= 0 && !(rest.isEmpty() && walk.isOver());
      }
    }
  }

  private final class Sums {
    private final ApprovalRules rules;
    private final Map<String, String> names;
    private final StepBudget steps = new StepBudget(MOST_STEPS);
    private final Map<String, Count> byTool = new TreeMap<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private int runs;
    private int calls;

    /** Whether steps or time were used up before all calls were looked at. */
    private boolean isCut;

    Sums(ApprovalRules rules, Map<String, String> names) {
      this.rules = rules;
      this.names = names;
    }

    /**
     * Adds the first of some calls, for the time of a turn.
     *
     * @return how many of them are done with
     */
    int add(List<PastCall> some) {
      long end = System.nanoTime() + TURN.toNanos();
      int done = 0;
      do {
        add(some.get(done));
        done++;
      } while (done < some.size() && !isCut && System.nanoTime() - end < 0);
      return done;
    }

    private void add(PastCall call) {
      String tool = names.getOrDefault(call.tool(), call.tool());
      Optional<RunEntry.ToolCallRequested> requested = past.requested(call);
      boolean waits = waits(tool, requested.orElse(null));
      if (steps.isUsedUp()) {
        isCut = true;
        return;
      }
      runs = call.runs();
      calls++;
      byTool.merge(tool, Count.NONE.plus(waits), (before, _) -> before.plus(waits));
      if (waits && waiting.size() < MOST_EXAMPLES) {
        waiting.add(new Waiting(call, tool, arguments(requested.orElse(null))));
      }
    }

    // What can't be looked at waits, as what a condition can't be evaluated for does. A call
    // without an object of arguments can't be made, so nobody is asked about it.
    private boolean waits(String tool, RunEntry.@Nullable ToolCallRequested requested) {
      if (requested == null) {
        return !(rules.of(tool) instanceof ApprovalRule.Never);
      }
      return requested.call().arguments() instanceof ObjectNode arguments
          && rules.wants(tool, arguments, steps);
    }
  }

  /** An example, without its URL, which only the thread of the request knows. */
  private record Waiting(PastCall call, String tool, String arguments) {}

  private Example example(ProfileSlug profile, Waiting waiting) {
    PastCall call = waiting.call();
    return new Example(
        call.task(),
        call.run(),
        urls.of(profile, call.task(), call.run()),
        waiting.tool(),
        waiting.arguments());
  }

  private static String arguments(RunEntry.@Nullable ToolCallRequested requested) {
    return requested == null
        ? "…"
        : WellFormed.cut(requested.call().arguments().toString(), LONGEST_ARGUMENTS);
  }
}
