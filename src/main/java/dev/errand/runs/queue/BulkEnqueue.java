package dev.errand.runs.queue;

import dev.errand.base.database.Sql;
import dev.errand.runs.queue.RunStatuses.RunKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Enqueues many runs at once, with one statement for each profile. */
@ApplicationScoped
public class BulkEnqueue {
  private final Sql sql;
  private final QueueBound bound;
  private final Event<RunEnqueued> enqueued;
  private final Event<SlotsChanged> slotsChanged;

  BulkEnqueue(
      Sql sql, QueueBound bound, Event<RunEnqueued> enqueued, Event<SlotsChanged> slotsChanged) {
    this.sql = sql;
    this.bound = bound;
    this.enqueued = enqueued;
    this.slotsChanged = slotsChanged;
  }

  /**
   * Enqueues runs, each as {@link RunQueue#enqueue} does. In a transaction it takes effect with the
   * transaction. The runs get their slots after the commit.
   *
   * @param runs runs of which no two have the same task and name
   * @return the outcome of each, by task and name
   */
  public Map<RunKey, Enqueued> enqueue(List<NewRun> runs) {
    Map<UUID, List<NewRun>> byProfile = new LinkedHashMap<>();
    for (NewRun run : runs) {
      byProfile.computeIfAbsent(run.profileId(), id -> new ArrayList<>()).add(run);
    }
    Map<RunKey, Enqueued> all = new HashMap<>();
    byProfile.forEach((profile, of) -> all.putAll(enqueue(profile, of)));
    return all;
  }

  private Map<RunKey, Enqueued> enqueue(UUID profile, List<NewRun> runs) {
    Map<RunKey, Enqueued> all = new HashMap<>();
    runs.forEach(run -> all.put(new RunKey(run.taskId(), run.name()), Enqueued.FULL));
    bound
        .within(
            profile,
            runs.size(),
            most -> {
              List<NewRun> within = runs.subList(0, most);
              within.forEach(
                  run -> all.put(new RunKey(run.taskId(), run.name()), Enqueued.REFUSED));
              return insert(within);
            })
        .ifPresent(started -> started.forEach(run -> all.put(run, Enqueued.STARTED)));
    return all;
  }

  private Set<RunKey> insert(List<NewRun> runs) {
    Map<Long, RunKey> started = new LinkedHashMap<>();
    WriteValues.waiting(sql, runs)
        .each(
            row -> started.put(row.number("id"), new RunKey(row.id("task_id"), row.text("name"))));
    slotsChanged.fire(
        new SlotsChanged(runs.stream().map(NewRun::taskId).collect(Collectors.toSet())));
    started.keySet().forEach(id -> enqueued.fire(new RunEnqueued(id, false)));
    return new HashSet<>(started.values());
  }
}
