package dev.errand.adapters.console.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.adapters.console.page.Amounts;
import dev.errand.adapters.console.page.ApprovalLine;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.ListPart;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.RunLine;
import dev.errand.adapters.console.page.RunLines;
import dev.errand.adapters.console.run.RunPageView.EntryPart;
import dev.errand.adapters.console.run.RunPageView.Fact;
import dev.errand.adapters.console.run.RunPageView.WaitingCall;
import dev.errand.base.json.Json;
import dev.errand.models.port.Bounds;
import dev.errand.runs.approval.ApprovalService;
import dev.errand.runs.entry.RunEntryCodec;
import dev.errand.runs.entry.TimedEntry;
import dev.errand.runs.history.EntryPage;
import dev.errand.runs.history.RunSearch;
import dev.errand.runs.lifecycle.RunBounds;
import dev.errand.runs.queue.Run;
import dev.errand.runs.queue.RunStatus;
import dev.errand.tools.mcp.wire.VisibleText;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Builds the view of the page of a run. */
@ApplicationScoped
class RunPageViews {
  /** How many entries a page has at most. */
  static final int ENTRIES = 100;

  // The length of all texts of a page together, and the least and the most for each.
  private static final int CHARACTERS = 40_000;
  private static final int LEAST = 400;
  private static final int MOST = 8000;
  private static final int LONGEST_PARAMETERS = 4000;
  private static final int MOST_CALLS = 10;
  private static final int LONGEST_ARGUMENTS = 1000;

  private final RunLines lines;
  private final EntryViews entries;
  private final RunEntryCodec codec;
  private final RunBounds bounds;
  private final ApprovalService approvals;
  private final Json json;
  private final Clock clock;

  RunPageViews(
      RunLines lines,
      EntryViews entries,
      RunEntryCodec codec,
      RunBounds bounds,
      ApprovalService approvals,
      Json json,
      Clock clock) {
    this.lines = lines;
    this.entries = entries;
    this.codec = codec;
    this.bounds = bounds;
    this.approvals = approvals;
    this.json = json;
    this.clock = clock;
  }

  /**
   * The part of a run that is to be shown.
   *
   * @param isNewest whether they were requested as the newest ones
   * @param isStreamed whether further entries can be sent as they are written
   * @param isSummary whether the entries themselves are left out
   */
  record Asked(EntryPage shown, boolean isNewest, boolean isStreamed, boolean isSummary) {
    int end() {
      return shown.first() + shown.entries().size();
    }

    boolean isAtEnd() {
      return isNewest || end() >= shown.count();
    }
  }

  /**
   * The page of a run.
   *
   * @param children finds the newest of the runs that it started
   */
  RunPageView of(
      Run run, String task, Supplier<RunSearch.FoundRuns> children, Asked asked, PageRequest page) {
    EntryPage shown = asked.shown;
    JsonNode usage = lines.usage(run);
    // Runs only start others by tool calls.
    RunSearch.FoundRuns started =
        usage.path("tool_calls").asInt() > 0
            ? children.get()
            : new RunSearch.FoundRuns(List.of(), null);
    RunLine line = lines.of(run, usage, task, page.home());
    List<TimedEntry> read = shown.entries().stream().map(codec::read).toList();
    boolean isStreamed = !run.status().isEnd() && asked.isStreamed;
    boolean isAtEnd = asked.isAtEnd();
    boolean isFirst = shown.first() == 0;
    return new RunPageView(
        run,
        line,
        new ListPart<>(
            lines.of(started.runs(), page.home()),
            started.next() == null
                ? null
                : page.home()
                    + "/runs"
                    + PagePaths.query(Map.of("parent", task + "/" + run.name()))),
        waiting(run, page),
        facts(run, usage, line),
        parameters(run),
        result(run),
        Timeline.of(
            shown.first(),
            read,
            isFirst ? run.createdAt().toEpochMilli() : -1,
            isFirst && run.startedAt() != null ? run.startedAt().toEpochMilli() : -1,
            (run.status() == RunStatus.RUNNING || run.isWaitingForPerson()) && isAtEnd
                ? clock.millis()
                : -1),
        part(asked, line.address()),
        asked.isSummary ? List.of() : shown(shown.first(), read, line.address()),
        isStreamed && isAtEnd ? stream(line.address(), asked.end()) : null,
        isStreamed ? self(asked, line.address()) : null);
  }

  /** The entries of a page, as long as the page has room for. */
  private List<EntryView> shown(int first, List<TimedEntry> read, String address) {
    int room = CHARACTERS / Math.max(1, read.size());
    int most = Math.clamp(room, LEAST, MOST);
    List<EntryView> shown = new ArrayList<>();
    for (TimedEntry entry : read) {
      shown.add(entries.of(first + shown.size(), entry, most, address));
    }
    return shown;
  }

  /** An entry that is appended to a page. */
  EntryView further(int number, String entry, String address) {
    return entries.of(number, codec.read(entry), MOST, address);
  }

  private List<WaitingCall> waiting(Run run, PageRequest page) {
    Run.WaitsForApproval waits = run.waits();
    if (waits == null || !run.isWaitingForPerson()) {
      return List.of();
    }
    return approvals.open(page.caller(), page.profile(), waits.approvals(), MOST_CALLS).stream()
        .map(
            found -> {
              String arguments =
                  VisibleText.ofJson(json.tree(found.approval().arguments()).toPrettyString());
              return new WaitingCall(
                  new ApprovalLine(found, page.home()),
                  Excerpt.of(arguments, LONGEST_ARGUMENTS),
                  arguments.length() <= LONGEST_ARGUMENTS);
            })
        .toList();
  }

  private List<Fact> facts(Run run, JsonNode usage, RunLine line) {
    Bounds most = bounds.of(run);
    List<Fact> facts = new ArrayList<>();
    Duration took = run.took(clock.instant());
    if (took != null) {
      facts.add(
          Fact.within(
              "Took",
              line.took(),
              Amounts.duration(most.timeout()),
              (double) took.toMillis(),
              (double) most.timeout().toMillis()));
    }
    facts.add(
        Fact.within(
            "Cost",
            line.cost(),
            Amounts.cost(BigDecimal.valueOf(most.maxCostUsd())),
            usage.path("cost_usd").asDouble(),
            most.maxCostUsd()));
    long tokens = usage.path("total_tokens").asLong();
    facts.add(
        Fact.within(
            "Tokens",
            "%s (%s in, %s out)"
                .formatted(
                    Amounts.number(tokens),
                    Amounts.number(usage.path("prompt_tokens").asLong()),
                    Amounts.number(usage.path("completion_tokens").asLong())),
            Amounts.number(most.maxTokens()),
            (double) tokens,
            (double) most.maxTokens()));
    facts.add(counted("Model answers", "", usage.path("steps").asInt(), most.maxSteps()));
    int failed = usage.path("tool_errors").asInt();
    facts.add(
        counted(
            "Tool calls",
            failed == 0 ? "" : " (" + failed + " failed)",
            usage.path("tool_calls").asInt(),
            most.maxToolCalls()));
    if (run.attempt() > 1) {
      facts.add(new Fact("Attempts", Integer.toString(run.attempt())));
    }
    return facts;
  }

  private static Fact counted(String name, String note, int used, int most) {
    return Fact.within(name, used + note, Integer.toString(most), used, most);
  }

  private @Nullable String parameters(Run run) {
    JsonNode parameters = json.tree(run.parameters());
    return parameters.isEmpty()
        ? null
        : Excerpt.of(parameters.toPrettyString(), LONGEST_PARAMETERS);
  }

  private @Nullable String result(Run run) {
    String result = run.result();
    return result == null ? null : Excerpt.of(json.tree(result).toPrettyString(), MOST);
  }

  private static EntryPart part(Asked asked, String address) {
    int first = asked.shown.first();
    int end = asked.end();
    int count = asked.shown.count();
    boolean hasLater = !asked.isAtEnd();
    return new EntryPart(
        end == first ? 0 : first + 1,
        end,
        count,
        first > 0 ? address + "?from=" + Math.max(0, first - ENTRIES) : null,
        hasLater ? address + "?from=" + end : null,
        hasLater ? address + "?from=" + RunPageResource.NEWEST : null);
  }

  /** The address from which the page refreshes itself, since new entries are added at its end. */
  private static String self(Asked asked, String address) {
    return address
        + "?from="
        + (asked.isAtEnd() ? RunPageResource.NEWEST : Integer.toString(asked.shown.first()));
  }

  private static String stream(String address, int end) {
    return address + "/events" + (end == 0 ? "" : "?last=" + (end - 1));
  }
}
