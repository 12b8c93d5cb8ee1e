package dev.errand.chaos;

import dev.errand.chaos.Workload.Task;
import dev.errand.support.Eventually;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * Checks that a profile with few runs is not starved by those with many: the few are enqueued when
 * hundreds wait, and the model's own record tells how many of those began before them. It needs
 * servers that nothing disturbs, and an empty queue.
 */
final class FairnessCheck {
  private static final int FEW = 4;
  private static final int MOST_CROWDS = 3;
  private static final int MOST_CONCURRENCY = 1000;
  // How often all places of all servers could be filled with the many.
  private static final int FILLINGS = 8;
  private static final int CALLERS = 4;

  private final Fleet fleet;
  private final Outside outside;
  private final int places;
  private final List<Task> crowds = new ArrayList<>();
  private final Task few = Workload.task(0, "few", FEW);
  private final int many;
  private int waited;
  private int mostBefore;

  /**
   * A check that has not been made.
   *
   * @param places how many runs all servers together work at a time
   */
  FairnessCheck(Fleet fleet, Outside outside, int profiles, int places) {
    this.fleet = fleet;
    this.outside = outside;
    this.places = places;
    this.many = FILLINGS * places;
    for (int profile = 1; profile < Math.min(profiles, 1 + MOST_CROWDS); profile++) {
      crowds.add(Workload.task(profile, "crowd", MOST_CONCURRENCY));
    }
    if (crowds.isEmpty()) {
      throw new IllegalArgumentException("Profiles can't take turns where there is only one.");
    }
  }

  /** How many runs it starts. */
  int runs() {
    return many + FEW;
  }

  /** How many of the many waited when the few were enqueued. */
  int waited() {
    return waited;
  }

  /** How many of the many began at most between the enqueue of one of the few and its begin. */
  int mostBefore() {
    return mostBefore;
  }

  /**
   * Starts the runs, and waits until the few have begun.
   *
   * @return what should not be, each in a sentence; empty when all is well
   */
  List<String> check() throws Exception {
    for (Task crowd : crowds) {
      Workload.register(crowd, fleet, outside);
    }
    Workload.register(few, fleet, outside);
    outside.hold();
    enqueueTheMany();
    fillAllPlaces();
    outside.letGo();
    // So that the few come when the front of the queue has moved on.
    Eventually.await("a third filling of all places", () -> firstRequests().size() >= 3 * places);
    outside.hold();
    fillAllPlaces();
    waited = many - firstRequests().size();
    List<Long> enqueuedAt = new ArrayList<>();
    for (int i = 0; i < FEW; i++) {
      fleet.startRun(few, fewNumber(i));
      enqueuedAt.add(System.nanoTime());
    }
    outside.letGo();
    Eventually.await(
        "a begin of the few",
        () -> firstRequests().keySet().stream().filter(run -> run >= fewNumber(0)).count() == FEW);
    return verdict(enqueuedAt);
  }

  private List<String> verdict(List<Long> enqueuedAt) {
    List<String> broken = new ArrayList<>();
    Map<Integer, Long> first = firstRequests();
    for (int i = 0; i < FEW; i++) {
      long enqueued = enqueuedAt.get(i);
      long begun = first.getOrDefault(fewNumber(i), Long.MAX_VALUE);
      long before =
          first.entrySet().stream()
              .filter(run -> run.getKey() < fewNumber(0))
              .filter(run -> run.getValue() > enqueued && run.getValue() < begun)
              .count();
      mostBefore = Math.max(mostBefore, (int) before);
      if (before > most(i)) {
        broken.add(
            "Run %d of the few began after %d of %d waiting runs of %d other profiles; %d at most"
                .formatted(i, before, waited, crowds.size(), most(i)));
      }
    }
    if (waited <= most(FEW - 1)) {
      broken.add("Only %d runs waited: too few to starve anybody".formatted(waited));
    }
    return broken;
  }

  // By start-time fair queuing, the first run that a profile enqueues gets the turn at the front of
  // the queue, the second the one after it, and so on. Of each other profile as many runs have a
  // turn up to that one, and come before it. All places are taken at that moment, and no claim is
  // under way. Later the servers claim at the same time, and each asks the model in its own time:
  // what they claim after this run may ask before it. That is bounded by time alone; two fillings
  // of all places are generous, since a request takes the model 100 ms at least. Without turns, all
  // that wait would come first: about four fillings.
  private int most(int number) {
    return (number + 1) * crowds.size() + 2 * places;
  }

  private void enqueueTheMany() throws Exception {
    Semaphore free = new Semaphore(CALLERS);
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> started = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        int run = Conversation.SHORT_FROM + i;
        Task crowd = crowds.get(i % crowds.size());
        free.acquire();
        started.add(
            callers.submit(
                () -> {
                  fleet.startRun(crowd, run);
                  free.release();
                  return null;
                }));
      }
      for (Future<?> one : started) {
        one.get();
      }
    }
  }

  // While the model answers nobody, and more wait than there are places.
  private void fillAllPlaces() {
    Eventually.await(
        "a request of each of the " + places + " places", () -> outside.underWay() == places);
  }

  private int fewNumber(int number) {
    return Conversation.SHORT_FROM + many + number;
  }

  /** When the model was asked first for each run of this check. */
  private Map<Integer, Long> firstRequests() {
    Map<Integer, Long> first = new HashMap<>(outside.firstRequests());
    first.keySet().removeIf(run -> run < Conversation.SHORT_FROM);
    return first;
  }
}
