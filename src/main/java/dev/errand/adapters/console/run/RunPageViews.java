package dev.errand.adapters.console.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.adapters.console.page.ApprovalLine;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.ListPart;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.RunLine;
import dev.errand.adapters.console.page.RunLines;
import dev.errand.adapters.console.run.RunPageView.Answer;
import dev.errand.adapters.console.run.RunPageView.EntryPart;
import dev.errand.adapters.console.run.RunPageView.Failure;
import dev.errand.adapters.console.run.RunPageView.Find;
import dev.errand.adapters.console.run.RunPageView.WaitingCall;
import dev.errand.base.json.Json;
import dev.errand.base.json.PrettyJson;
import dev.errand.identity.page.PagePaths;
import dev.errand.runs.approval.ApprovalService;
import dev.errand.runs.approval.StoredApproval;
import dev.errand.runs.entry.RunEntry;
import dev.errand.runs.entry.RunEntryCodec;
import dev.errand.runs.history.EntryPage;
import dev.errand.runs.history.RunSearch;
import dev.errand.runs.queue.Run;
import dev.errand.runs.queue.RunStatus;
import dev.errand.tools.mcp.wire.VisibleText;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
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
  private static final int CHARACTERS = 30_000;
  private static final int LEAST = 300;
  private static final int MOST = 8000;
  private static final int LONGEST_PARAMETERS = 4000;
  private static final int MOST_CALLS = 10;
  private static final int LONGEST_ARGUMENTS = 1000;
  private static final int MOST_FAILURES = 20;
  // How many entries before one that was found are shown with it.
  private static final int BEFORE = 5;
  static final String FOUND = "#conversation";
  // Fewer are looked through faster than searched.
  private static final int FEW = 10;

  private final RunLines lines;
  private final EntryViews entries;
  private final RunEntryCodec codec;
  private final RunFacts facts;
  private final ApprovalService approvals;
  private final Json json;
  private final Clock clock;

  RunPageViews(
      RunLines lines,
      EntryViews entries,
      RunEntryCodec codec,
      RunFacts facts,
      ApprovalService approvals,
      Json json,
      Clock clock) {
    this.lines = lines;
    this.entries = entries;
    this.codec = codec;
    this.facts = facts;
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
  record ShownPart(EntryPage shown, boolean isNewest, boolean isStreamed, boolean isSummary) {
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
      Run run,
      String task,
      Supplier<RunSearch.FoundRuns> children,
      ShownPart asked,
      PageRequest page) {
    EntryPage shown = asked.shown;
    List<NumberedEntry> read =
        NumberedEntry.from(shown.first(), shown.entries().stream().map(codec::read).toList());
    String address = PagePaths.run(page.home(), task, run.name());
    boolean isStreamed = !run.status().isEnd() && asked.isStreamed;
    boolean isAtEnd = asked.isAtEnd();
    FoundEntries.Search all = new FoundEntries.Search("", false);
    return view(
        run,
        task,
        children,
        page,
        new Conversation(
            isAtEnd ? RunNow.of(run, read, clock.instant()) : null,
            timeline(run, read, isAtEnd),
            failures(read),
            shown.count() <= FEW ? null : find(all, address, 0, null),
            part(asked, address),
            asked.isSummary ? List.of() : shown(run, read, address),
            isStreamed && isAtEnd ? stream(address, asked.end()) : null,
            isStreamed ? self(asked, address) : null));
  }

  /** The page of a run with what was found in it. */
  RunPageView of(
      Run run,
      String task,
      Supplier<RunSearch.FoundRuns> children,
      FoundEntries.Matches found,
      PageRequest page) {
    String address = PagePaths.run(page.home(), task, run.name());
    int count = found.entries().size();
    Integer next = found.next();
    return view(
        run,
        task,
        children,
        page,
        new Conversation(
            null,
            Timeline.NONE,
            List.of(),
            find(
                found.wanted(),
                address,
                count,
                next == null ? null : address + found.wanted().query(next.toString()) + FOUND),
            new EntryPart(0, 0, run.entryCount(), null, null, null),
            found.entries().stream().map(entry -> found(entry, found, address)).toList(),
            null,
            null));
  }

  /** What a page shows of the entries of a run. */
  private record Conversation(
      @Nullable RunNow now,
      Timeline timeline,
      List<Failure> failures,
      @Nullable Find find,
      EntryPart part,
      List<EntryView> entries,
      @Nullable String stream,
      @Nullable String self) {}

  private RunPageView view(
      Run run,
      String task,
      Supplier<RunSearch.FoundRuns> children,
      PageRequest page,
      Conversation shown) {
    JsonNode usage = lines.usage(run);
    // Runs only start others by tool calls.
    RunSearch.FoundRuns started =
        usage.path("tool_calls").asInt() > 0
            ? children.get()
            : new RunSearch.FoundRuns(List.of(), null);
    RunLine line = lines.of(run, usage, task, page.home());
    String error = run.errorMessage();
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
        error == null ? null : VisibleText.ofProse(error),
        shown.find != null && shown.find.isOn() ? null : answer(run, line.address()),
        shown.now,
        facts.of(run, usage, line),
        parameters(run),
        shown.timeline,
        shown.failures,
        shown.find,
        shown.part,
        shown.entries,
        shown.stream,
        shown.self);
  }

  private Timeline timeline(Run run, List<NumberedEntry> read, boolean isAtEnd) {
    int first = read.isEmpty() ? 0 : read.getFirst().number();
    boolean isFirst = first == 0;
    return Timeline.of(
        first,
        read.stream().map(NumberedEntry::timed).toList(),
        isFirst ? run.createdAt().toEpochMilli() : -1,
        isFirst && run.startedAt() != null ? run.startedAt().toEpochMilli() : -1,
        (run.status() == RunStatus.RUNNING || run.isWaitingForPerson()) && isAtEnd
            ? clock.millis()
            : -1);
  }

  private static List<Failure> failures(List<NumberedEntry> read) {
    return read.stream()
        .filter(NumberedEntry::hasFailed)
        .limit(MOST_FAILURES)
        .map(entry -> new Failure(entry.number(), EntryTexts.title(entry.entry())))
        .toList();
  }

  private static Find find(
      FoundEntries.Search wanted, String address, int count, @Nullable String next) {
    return new Find(address, wanted.text(), wanted.isTrouble(), !wanted.isAll(), count, next);
  }

  private @Nullable Answer answer(Run run, String address) {
    String output = run.output();
    if (output == null) {
      return null;
    }
    boolean isCut = run.outputBytes() != null;
    String text =
        run.hasResult()
            ? VisibleText.ofJson(isCut ? output : PrettyJson.of(json.tree(output), MOST))
            : VisibleText.ofProse(output);
    String part = Excerpt.of(text, MOST);
    EntryViews.Rendered rendered =
        run.hasResult() ? new EntryViews.Rendered(null, part) : EntryViews.Rendered.of(part);
    return new Answer(
        rendered.html(),
        rendered.text(),
        run.hasResult(),
        // A run that is ready ends with its last message.
        isCut || text.length() > MOST ? address + "/entries/" + (run.entryCount() - 1) : null);
  }

  /** The entries of a page, as long as the page has room for. */
  private List<EntryView> shown(Run run, List<NumberedEntry> read, String address) {
    int most = most(read);
    return ToolUses.of(
        read.stream()
            .map(
                entry ->
                    run.output() != null && entry.entry() instanceof RunEntry.FinalMessage
                        ? entries.ofAnswerAbove(entry, address)
                        : entries.of(entry, most, address))
            .toList());
  }

  private static int most(List<NumberedEntry> read) {
    return Math.clamp(CHARACTERS / Math.max(1, read.size()), LEAST, MOST);
  }

  private EntryView found(NumberedEntry entry, FoundEntries.Matches found, String address) {
    String searched = found.wanted().lower();
    int most = most(found.entries());
    EntryView view =
        searched.isEmpty()
            ? entries.of(entry, most, address)
            : entries.ofHit(entry, searched, most, address);
    int number = entry.number();
    return view.at(address + "?from=" + Math.max(0, number - BEFORE) + "#entry-" + number);
  }

  /** An entry that is appended to a page. */
  EntryView further(int number, String entry, String address) {
    return entries.of(new NumberedEntry(number, codec.read(entry)), MOST, address);
  }

  private List<WaitingCall> waiting(Run run, PageRequest page) {
    Run.WaitsForApproval waits = run.waits();
    if (waits == null || !run.isWaitingForPerson()) {
      return List.of();
    }
    return approvals.open(page.caller(), page.profile(), waits.approvals(), MOST_CALLS).stream()
        .map(
            found -> {
              StoredApproval approval = found.approval();
              boolean isCut = approval.argumentsBytes() != null;
              String arguments =
                  VisibleText.ofJson(
                      isCut
                          ? approval.arguments()
                          : PrettyJson.of(json.tree(approval.arguments()), LONGEST_ARGUMENTS));
              return new WaitingCall(
                  new ApprovalLine(found, page.home()),
                  Excerpt.of(arguments, LONGEST_ARGUMENTS),
                  !isCut && arguments.length() <= LONGEST_ARGUMENTS);
            })
        .toList();
  }

  private @Nullable String parameters(Run run) {
    JsonNode parameters = json.tree(run.parameters());
    return parameters.isEmpty()
        ? null
        : Excerpt.of(
            VisibleText.ofJson(PrettyJson.of(parameters, LONGEST_PARAMETERS)), LONGEST_PARAMETERS);
  }

  private static EntryPart part(ShownPart asked, String address) {
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
  private static String self(ShownPart asked, String address) {
    return address
        + "?from="
        + (asked.isAtEnd() ? RunPageResource.NEWEST : Integer.toString(asked.shown.first()));
  }

  private static String stream(String address, int end) {
    return address + "/events" + (end == 0 ? "" : "?last=" + (end - 1));
  }
}
