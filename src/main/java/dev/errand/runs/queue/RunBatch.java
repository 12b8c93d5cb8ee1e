package dev.errand.runs.queue;

import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import dev.errand.runs.queue.RunOutcomes.Named;
import dev.errand.runs.queue.record.Enqueued;
import dev.errand.runs.queue.record.RunEnqueued;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Enqueues many runs at once, with one statement for each profile. */
@ApplicationScoped
public class RunBatch {
  private final Sql sql;
  private final QueueBound bound;
  private final Event<RunEnqueued> enqueued;

  RunBatch(Sql sql, QueueBound bound, Event<RunEnqueued> enqueued) {
    this.sql = sql;
    this.bound = bound;
    this.enqueued = enqueued;
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
    runs.forEach(run -> all.put(run.named(), Enqueued.FULL));
    bound
        .within(
            profile,
            runs.size(),
            most -> {
              List<NewRun> within = runs.subList(0, most);
              within.forEach(run -> all.put(run.named(), Enqueued.REFUSED));
              return insert(within);
            })
        .ifPresent(started -> started.forEach(run -> all.put(run, Enqueued.STARTED)));
    return all;
  }

  private Set<Named> insert(List<NewRun> runs) {
    Map<Long, Named> started = new LinkedHashMap<>();
    with(sql.statement(RunStatements.ENQUEUE_ALL), runs)
        .each(row -> started.put(row.number("id"), new Named(row.id("task_id"), row.text("name"))));
    started.keySet().forEach(id -> enqueued.fire(new RunEnqueued(id)));
    return new HashSet<>(started.values());
  }

  private static SqlStatement with(SqlStatement insert, List<NewRun> runs) {
    return insert
        .with("task_id", "uuid", each(runs, NewRun::taskId))
        .with("profile_id", "uuid", each(runs, NewRun::profileId))
        .with("name", "text", each(runs, NewRun::name))
        .with("parameters", "text", each(runs, NewRun::parameters))
        .with("assignment", "text", each(runs, NewRun::assignment))
        .with("trigger", "text", each(runs, NewRun::trigger))
        .with("depth", "integer", each(runs, NewRun::depth))
        .with("alone", "boolean", each(runs, NewRun::alone))
        .with("scheduled_at", "text", each(runs, run -> text(run.scheduledAt())))
        .with("entry", "text", each(runs, NewRun::firstEntry))
        .with("traceparent", "text", each(runs, NewRun::traceparent));
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }

  private static List<@Nullable Object> each(
      List<NewRun> runs, Function<NewRun, @Nullable Object> of) {
    List<@Nullable Object> all = new ArrayList<>(runs.size());
    runs.forEach(run -> all.add(of.apply(run)));
    return all;
  }
}
