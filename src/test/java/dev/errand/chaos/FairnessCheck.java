package dev.errand.chaos;

import dev.errand.chaos.Workload.Task;
import dev.errand.support.Eventually;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * Checks that a profile with few runs is not starved by those with many: the few are enqueued when
 * hundreds wait, and the model's own record tells whether they are among the next to begin. It
 * needs servers that nothing disturbs, and an empty queue.
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
  private final int servers;
  private final int places;
  private final List<Task> crowds = new ArrayList<>();
  private final Task few = Workload.task(0, "few", FEW);
  private final int many;
  private int waited;
  private int begun;

  /**
   * A check that has not been made.
   *
   * @param profiles how many profiles there are; it uses four of them at most
   * @param servers how many servers there are
   * @param concurrency how many runs each server works at a time
   */
  FairnessCheck(Fleet fleet, Outside outside, int profiles, int servers, int concurrency) {
    this.fleet = fleet;
    this.outside = outside;
    this.servers = servers;
    this.places = servers * concurrency;
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

  /** How many runs began from when the few were enqueued until the last of the few began. */
  int begun() {
    return begun;
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
    outside.letAllGo();
    // So that the few come when the front of the queue has moved on.
    Eventually.await("a third filling of all places", () -> firstRequests().size() >= 3 * places);
    outside.hold();
    fillAllPlaces();
    Set<Integer> before = firstRequests().keySet();
    waited = many - before.size();
    for (int i = 0; i < FEW; i++) {
      fleet.startRun(few, fewNumber(i));
    }
    outside.letGo(most());
    Eventually.await(
        "a begin for each run that ended", () -> firstRequests().size() >= before.size() + most());
    List<Integer> next =
        firstRequests().entrySet().stream()
            .filter(run -> !before.contains(run.getKey()))
            .sorted(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .toList();
    outside.letAllGo();
    return verdict(next);
  }

  private List<String> verdict(List<Integer> next) {
    List<String> broken = new ArrayList<>();
    long begunOfFew = next.stream().filter(run -> run >= fewNumber(0)).count();
    if (begunOfFew < FEW) {
      broken.add(
          "Of %d runs that began after the few were enqueued, %d were of the few, of which there are %d"
              .formatted(next.size(), begunOfFew, FEW));
    }
    if (waited < 2 * most()) {
      broken.add("Only %d runs waited: too few to starve anybody".formatted(waited));
    }
    for (int i = 0; i < next.size(); i++) {
      begun = next.get(i) >= fewNumber(0) ? i + 1 : begun;
    }
    return broken;
  }

  // By start-time fair queuing, the first run that a profile enqueues gets the turn at the front of
  // the queue, the second the one after it, and so on: for each of them, one of each other profile
  // comes first. All places are taken when they are enqueued, and no claim is under way. So many
  // runs end then, and no more, that the few have their places by their turns, whichever server is
  // the fastest. Another one for each server allows for claims at the same time, which may find
  // runs at the front locked. Without turns, all that wait would come first.
  private int most() {
    return FEW * (1 + crowds.size()) + servers;
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
        "a request of each of the " + places + " places", () -> outside.underWay() >= places);
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
