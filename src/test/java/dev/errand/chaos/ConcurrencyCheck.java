package dev.errand.chaos;

import dev.errand.chaos.Outside.ModelCall;
import dev.errand.chaos.Workload.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Checks by the model's own record that no task exceeded its concurrency, in two ways.
 *
 * <p>Runs: a run holds its slot from before its first request until after the answer that it ended
 * with, whoever worked it and however often it was lost. Nothing excuses one run too many.
 *
 * <p>Requests: a request counts while its process still held the run for certain. It does not after
 * the end of the process, nor from when that stood still: by then the run may be another's.
 */
final class ConcurrencyCheck {
  private final Workload workload;
  private final Outside outside;
  private final Losses excused;
  private final List<String> broken = new ArrayList<>();
  private int reached;
  private int reachedByRequests;

  private record Span(String what, long from, long to) {}

  private ConcurrencyCheck(Workload workload, Outside outside, Losses excused) {
    this.workload = workload;
    this.outside = outside;
    this.excused = excused;
  }

  /**
   * Checks all tasks of a workload.
   *
   * @param kept its runs as they ended, by name
   * @param excused what may have made a worker lose a run besides the end or the standstill of its
   *     process
   */
  static ConcurrencyCheck of(
      Workload workload, Map<String, Kept> kept, Outside outside, Losses excused) {
    ConcurrencyCheck check = new ConcurrencyCheck(workload, outside, excused);
    check.check(kept);
    return check;
  }

  /** What should not be, each in a sentence; empty when all is well. */
  List<String> broken() {
    return broken;
  }

  /**
   * How many tasks with a concurrency of more than 1 had as many runs at a time as they may.
   * Without any, the check would find nothing if the bound were another.
   */
  int reached() {
    return reached;
  }

  /** How many of these tasks had as many requests under way as they may have runs. */
  int reachedByRequests() {
    return reachedByRequests;
  }

  private void check(Map<String, Kept> kept) {
    Map<Task, List<Span>> requests = new HashMap<>();
    Map<Integer, Long> answered = new HashMap<>();
    for (ModelCall call : outside.modelCalls()) {
      if (call.run() < workload.runs()) {
        answered.put(call.asked().answer(), call.answeredAt());
        Span held = held(call);
        if (held.from() < held.to()) {
          requests
              .computeIfAbsent(workload.taskOf(call.run()), task -> new ArrayList<>())
              .add(held);
        }
      }
    }
    Map<Task, List<Span>> runs = new HashMap<>();
    for (int run = 0; run < workload.runs(); run++) {
      Kept end = kept.get(Fleet.nameOf(run));
      Long from = outside.firstRequests().get(run);
      // Without an answer to end with, the verdict says so.
      // One that waited for a person had no slot meanwhile.
      if (workload.taskOf(run).asks()) {
        continue;
      }
      if (end != null && from != null && answered.containsKey(end.lastAnswer())) {
        runs.computeIfAbsent(workload.taskOf(run), task -> new ArrayList<>())
            .add(new Span(end.name(), from, answered.get(end.lastAnswer())));
      }
    }
    for (Task task : workload.tasks()) {
      int mostRequests = most(task, "requests under way", requests.getOrDefault(task, List.of()));
      int mostRuns =
          most(
              task,
              "runs between first request and last answer",
              runs.getOrDefault(task, List.of()));
      if (task.concurrency() > 1) {
        reached += mostRuns == task.concurrency() ? 1 : 0;
        reachedByRequests += mostRequests == task.concurrency() ? 1 : 0;
      }
    }
  }

  /** For how long a request counts; not at all where that is no time. */
  private Span held(ModelCall call) {
    Life life = outside.lifeOf(call.asked());
    String name = Fleet.nameOf(call.run());
    long from = call.asked().at();
    long to = Math.min(call.answeredAt(), life.heldUntil(from, Verdict.ON_ITS_WAY));
    boolean lost = excused.mayHaveCut(name, from, to) || excused.mayBeLate(name, from);
    return new Span(name + " of " + life, from, lost ? from : to);
  }

  /** The most spans at the same moment; a sentence is added where they are too many. */
  private int most(Task task, String what, List<Span> spans) {
    PriorityQueue<Span> open = new PriorityQueue<>(Comparator.comparingLong(Span::to));
    int most = 0;
    for (Span span : spans.stream().sorted(Comparator.comparingLong(Span::from)).toList()) {
      while (!open.isEmpty() && open.element().to() <= span.from()) {
        open.remove();
      }
      open.add(span);
      most = Math.max(most, open.size());
      if (open.size() > task.concurrency()) {
        broken.add(
            "%s may have %d at a time and had %d %s: %s"
                .formatted(task.path(), task.concurrency(), open.size(), what, open));
      }
    }
    return most;
  }
}
