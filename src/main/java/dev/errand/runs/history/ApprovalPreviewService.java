package dev.errand.runs.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.WellFormed;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.runs.entry.RunEntry;
import dev.errand.runs.history.ApprovalPreview.Count;
import dev.errand.runs.history.ApprovalPreview.Example;
import dev.errand.runs.history.PastToolCalls.PastCall;
import dev.errand.runs.history.PastToolCalls.Walked;
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
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Previews approval rules of an installation on the calls of the last 30 days. */
@ApplicationScoped
public class ApprovalPreviewService {
  private static final Duration SPAN = Duration.ofDays(30);
  private static final int MOST_EXAMPLES = 20;
  private static final int LONGEST_ARGUMENTS = 500;
  private static final String FIELD = "approvals";

  private final ProfileAccess access;
  private final InstallationService installations;
  private final ProfileToolbox toolboxes;
  private final PastToolCalls calls;
  private final RunUrls urls;
  private final Clock clock;

  ApprovalPreviewService(
      ProfileAccess access,
      InstallationService installations,
      ProfileToolbox toolboxes,
      PastToolCalls calls,
      RunUrls urls,
      Clock clock) {
    this.access = access;
    this.installations = installations;
    this.toolboxes = toolboxes;
    this.calls = calls;
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
    ApprovalRules wanted =
        ApprovalRules.checked(
            FIELD, rules == null || rules.isNull() ? installation.approvals() : rules);
    Map<String, String> names = toolboxes.names(profile.id(), installation.binding().id());
    Instant since = clock.instant().minus(SPAN);
    Sums sums = new Sums(slug, wanted, names);
    Walked walked = calls.each(profile.id(), since, names.keySet(), sums::add);
    return new ApprovalPreview(
        since,
        walked.runs(),
        walked.calls(),
        sums.byTool.values().stream().mapToInt(Count::waiting).sum(),
        walked.isComplete(),
        sums.byTool,
        sums.examples);
  }

  private final class Sums {
    private final ProfileSlug profile;
    private final ApprovalRules rules;
    private final Map<String, String> names;
    private final Map<String, Count> byTool = new TreeMap<>();
    private final List<Example> examples = new ArrayList<>();

    Sums(ProfileSlug profile, ApprovalRules rules, Map<String, String> names) {
      this.profile = profile;
      this.rules = rules;
      this.names = names;
    }

    void add(PastCall call) {
      String tool = names.getOrDefault(call.tool(), call.tool());
      boolean waits = waits(tool, call.requested());
      byTool.merge(tool, Count.NONE.plus(waits), (before, _) -> before.plus(waits));
      if (waits && examples.size() < MOST_EXAMPLES) {
        examples.add(
            new Example(
                call.task(),
                call.run(),
                urls.of(profile, call.task(), call.run()),
                tool,
                arguments(call.requested())));
      }
    }

    // What can't be looked at waits, as what a condition can't be evaluated for does. A call
    // without an object of arguments can't be made, so nobody is asked about it.
    private boolean waits(String tool, RunEntry.@Nullable ToolCallRequested requested) {
      if (requested == null) {
        return !(rules.of(tool) instanceof ApprovalRule.Never);
      }
      return requested.call().arguments() instanceof ObjectNode arguments
          && rules.wants(tool, arguments);
    }
  }

  private static String arguments(RunEntry.@Nullable ToolCallRequested requested) {
    return requested == null
        ? "…"
        : WellFormed.cut(requested.call().arguments().toString(), LONGEST_ARGUMENTS);
  }
}
