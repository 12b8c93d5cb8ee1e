package dev.errand.runs.queue;

import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import dev.errand.runs.queue.RunOutcomes.Named;
import dev.errand.runs.queue.record.Enqueued;
import dev.errand.runs.queue.record.NewRun;
import dev.errand.runs.queue.record.RunEnqueued;
import dev.errand.runs.queue.record.SlotsChanged;
import dev.errand.runs.queue.slot.TaskSlots;
import dev.errand.runs.queue.write.WriteValues;
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
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Enqueues many runs at once, with one statement for each profile. */
@ApplicationScoped
public class RunBatch {
  private final Sql sql;
  private final QueueBound bound;
  private final TaskSlots slots;
  private final Event<RunEnqueued> enqueued;
  private final Event<SlotsChanged> slotsChanged;

  RunBatch(
      Sql sql,
      QueueBound bound,
      TaskSlots slots,
      Event<RunEnqueued> enqueued,
      Event<SlotsChanged> slotsChanged) {
    this.sql = sql;
    this.bound = bound;
    this.slots = slots;
    this.enqueued = enqueued;
    this.slotsChanged = slotsChanged;
  }

  /**
   * Enqueues runs, each as {@link RunQueue#enqueue} does. In a transaction it takes effect with the
   * transaction.
   *
   * @param runs runs of which no two have the same task and name
   * @return the outcome of each, by task and name
   */
  public Map<Named, Enqueued> enqueue(List<NewRun> runs) {
    Map<UUID, List<NewRun>> byProfile = new LinkedHashMap<>();
    for (NewRun run : runs) {
      byProfile.computeIfAbsent(run.profileId(), id -> new ArrayList<>()).add(run);
    }
    Map<Named, Enqueued> all = new HashMap<>();
    byProfile.forEach((profile, of) -> all.putAll(enqueue(profile, of)));
    return all;
  }

  private Map<Named, Enqueued> enqueue(UUID profile, List<NewRun> runs) {
    Map<Named, Enqueued> all = new HashMap<>();
    runs.forEach(run -> all.put(new Named(run.taskId(), run.name()), Enqueued.FULL));
    bound
        .within(
            profile,
            runs.size(),
            most -> {
              List<NewRun> within = runs.subList(0, most);
              within.forEach(run -> all.put(new Named(run.taskId(), run.name()), Enqueued.REFUSED));
              return insert(within);
            })
        .ifPresent(started -> started.forEach(run -> all.put(run, Enqueued.STARTED)));
    return all;
  }

  private Set<Named> insert(List<NewRun> runs) {
    Map<Long, Named> started = new LinkedHashMap<>();
    boolean now = !Sql.isInTransaction();
    SqlStatement enqueue = WriteValues.enqueue(sql, runs, now);
    Set<UUID> tasks = runs.stream().map(NewRun::taskId).collect(Collectors.toSet());
    Consumer<Row> reader =
        row -> started.put(row.number("id"), new Named(row.id("task_id"), row.text("name")));
    if (now) {
      sql.script().then(slots.lock(tasks)).then(enqueue, reader).run();
    } else {
      enqueue.each(reader);
      slotsChanged.fire(new SlotsChanged(tasks));
    }
    started.keySet().forEach(id -> enqueued.fire(new RunEnqueued(id)));
    return new HashSet<>(started.values());
  }
}
