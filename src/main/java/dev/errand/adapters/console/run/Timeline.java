package dev.errand.adapters.console.run;

import dev.errand.adapters.console.page.Amounts;
import dev.errand.runs.entry.RunEntry;
import dev.errand.runs.entry.TimedEntry;
import dev.errand.tools.mcp.wire.VisibleText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The steps of a run as bars in time: a lane for the model, and one for each tool. Overlapping
 * calls of a tool are drawn over each other.
 *
 * @param ms how long all of it took, in milliseconds
 */
public record Timeline(List<Lane> lanes, long ms) {
  static final Timeline NONE = new Timeline(List.of(), 0);

  private static final int MOST_LANES = 12;
  private static final String MODEL = "Model";
  private static final String QUEUE = "Queue";
  private static final String OTHER = "Other tools";
  // A shorter bar would not be visible.
  private static final double LEAST_PERCENT = 0.4;
  // A shorter time is the service's own work between two steps.
  private static final long LEAST_WAIT_MS = 500;

  /**
   * A row of bars.
   *
   * @param name the model or the tool
   * @param bars the bars, by their start
   */
  public record Lane(String name, List<Bar> bars) {
    /** Whether it has a step that failed, which links to its entry. */
    public boolean hasBad() {
      return bars.stream().anyMatch(Bar::isBad);
    }
  }

  /**
   * A step.
   *
   * @param isGoing whether it has not ended yet
   * @param x where it begins, with the sign %, in percent of the width
   * @param title what it is, and how long it took
   * @param entry the number of the entry that ends it
   */
  public record Bar(
      BarKind kind, boolean isGoing, String x, String width, String title, int entry) {
    /** Whether it failed. */
    public boolean isBad() {
      return kind == BarKind.BAD;
    }
  }

  /** A step in milliseconds since 1970. */
  private record TimedStep(
      String lane, BarKind kind, boolean isGoing, String title, long from, long to, int entry) {
    /** A step that has ended. */
    TimedStep(String lane, BarKind kind, String title, long from, long to, int entry) {
      this(lane, kind, false, title, from, to, entry);
    }
  }

  /** How long all of it took, in words. */
  public String total() {
    return Amounts.milliseconds(ms);
  }

  /** Whether there is anything to see. */
  public boolean isEmpty() {
    return lanes.isEmpty();
  }

  /**
   * The timeline of entries that follow each other.
   *
   * @param first the number of the first entry
   * @param enqueued when the run was enqueued, in milliseconds since 1970; negative where the
   *     entries are not the first ones
   * @param begun when it was first claimed; negative while it was not
   * @param now the end of the unfinished step; negative where there is none
   */
  static Timeline of(int first, List<TimedEntry> entries, long enqueued, long begun, long now) {
    Steps steps = new Steps();
    // A retry resets the start: then the first wait is unknown.
    boolean isRetried = entries.size() > 1 && millis(entries.get(1)) < begun;
    if (enqueued >= 0 && begun > enqueued && !isRetried) {
      steps.all.add(
          new TimedStep(QUEUE, BarKind.WAIT, "waited for a worker", enqueued, begun, first));
    }
    steps.since = isRetried ? enqueued : begun;
    for (int i = 0; i < entries.size(); i++) {
      steps.add(first + i, entries.get(i));
    }
    if (now >= 0) {
      steps.goOn(now, first + entries.size());
    }
    return drawn(steps.all);
  }

  /** Finds the steps that entries begin and end. */
  private static final class Steps {
    private final List<TimedStep> all = new ArrayList<>();
    private final Map<String, Open> open = new LinkedHashMap<>();
    private final Set<String> asked = new HashSet<>();
    private long since = -1;

    /** A call that has no result yet. */
    private record Open(String tool, long since, int number) {}

    void add(int number, TimedEntry timed) {
      long time = millis(timed);
      RunEntry entry = timed.entry();
      switch (entry) {
        case RunEntry.Prompt _, RunEntry.Repair _ -> since = Math.max(since, time);
        case RunEntry.Answer _, RunEntry.FinalMessage _ ->
            model(BarKind.MODEL, "model", entry, time, number);
        case RunEntry.ToolCallRequested(var call) ->
            open.put(call.id(), new Open(VisibleText.of(call.name()), time, number));
        case RunEntry.ToolResult result -> result(result, time, number);
        case RunEntry.Failure failure -> failed(failure, time, number);
        case RunEntry.FailedTry failed ->
            model(BarKind.BAD, "failed attempt: " + failed.code(), entry, time, number);
        case RunEntry.Retried _ -> since = time;
        case RunEntry.ApprovalDecided decided -> {
          Open call = open.get(decided.callId());
          if (call != null) {
            all.add(
                new TimedStep(
                    QUEUE, BarKind.WAIT, "waited for a person", call.since, time, number));
            open.put(decided.callId(), new Open(call.tool, time, number));
          }
          asked.remove(decided.callId());
        }
        case RunEntry.ApprovalRequested requested -> asked.add(requested.callId());
        case RunEntry.LogLine _, RunEntry.Warning _, RunEntry.Unknown _ -> {}
      }
    }

    /** A request to the model, after a wait if the entry records a shorter time. */
    private void model(BarKind kind, String title, RunEntry entry, long time, int number) {
      if (since >= 0) {
        long end = Math.max(time, since);
        RunEntry.EndedRequest asked = entry.asked();
        long begun = asked == null ? since : Math.max(since, end - asked.ms());
        if (begun - since >= LEAST_WAIT_MS) {
          all.add(new TimedStep(MODEL, BarKind.WAIT, "waited", since, begun, number));
        } else {
          begun = since;
        }
        all.add(new TimedStep(MODEL, kind, title, begun, end, number));
      }
      since = time;
    }

    private void result(RunEntry.ToolResult result, long time, int number) {
      Open request = open.remove(result.message().callId());
      String named = result.tool();
      String tool = named != null ? VisibleText.of(named) : request == null ? "" : request.tool;
      if (!tool.isEmpty()) {
        Long ms = result.ms();
        long asked = request == null ? time - (ms == null ? 0 : ms) : request.since;
        // It may have waited until others had ended.
        long begun = ms == null ? asked : Math.max(asked, time - ms);
        if (begun - asked >= LEAST_WAIT_MS) {
          all.add(new TimedStep(tool, BarKind.WAIT, "waited", asked, begun, number));
        }
        BarKind kind = result.hasFailed() ? BarKind.BAD : BarKind.TOOL;
        all.add(new TimedStep(tool, kind, tool, begun, time, number));
      }
      since = time;
    }

    /**
     * The steps that were under way when the run failed: the open tool calls, or else the model.
     */
    private void failed(RunEntry.Failure failure, long time, int number) {
      String ended = "ended: " + failure.code();
      BarKind kind = EntryTexts.isCancel(failure) ? BarKind.WAIT : BarKind.BAD;
      if (open.isEmpty()) {
        model(kind, ended, failure, time, number);
      }
      for (Open request : open.values()) {
        String title = request.tool + ", " + ended;
        all.add(new TimedStep(request.tool, kind, title, request.since, time, number));
      }
      open.clear();
    }

    void goOn(long now, int number) {
      open.forEach(
          (callId, request) -> {
            String title = request.tool + ", running";
            all.add(
                asked.contains(callId)
                    ? new TimedStep(
                        QUEUE,
                        BarKind.WAIT,
                        "waits for a person",
                        request.since,
                        now,
                        request.number)
                    : new TimedStep(
                        request.tool,
                        BarKind.TOOL,
                        true,
                        title,
                        request.since,
                        now,
                        request.number));
          });
      if (open.isEmpty() && since >= 0) {
        all.add(
            new TimedStep(
                MODEL, BarKind.MODEL, true, "waiting for the model", since, now, number - 1));
      }
    }
  }

  private static long millis(TimedEntry entry) {
    return entry.time().toEpochMilli();
  }

  private static Timeline drawn(List<TimedStep> steps) {
    long begin = steps.stream().mapToLong(TimedStep::from).min().orElse(0);
    long end = steps.stream().mapToLong(TimedStep::to).max().orElse(0);
    double span = Math.max(1, end - begin);
    Map<String, List<Bar>> lanes = new LinkedHashMap<>();
    for (TimedStep step : steps) {
      boolean hasRoom = lanes.size() < MOST_LANES - 1 || lanes.containsKey(step.lane);
      double width = Math.max(LEAST_PERCENT, (step.to - step.from) / span * 100);
      double x = Math.min((step.from - begin) / span * 100, 100 - width);
      lanes
          .computeIfAbsent(hasRoom ? step.lane : OTHER, name -> new ArrayList<>())
          .add(
              new Bar(
                  step.kind,
                  step.isGoing,
                  percent(x),
                  percent(width),
                  step.title + ", " + Amounts.milliseconds(step.to - step.from),
                  step.entry));
    }
    List<Lane> rows = new ArrayList<>();
    lanes.forEach((name, bars) -> rows.add(new Lane(name, bars)));
    return new Timeline(rows, end - begin);
  }

  private static String percent(double value) {
    return String.format(Locale.ROOT, "%.2f%%", value);
  }
}
