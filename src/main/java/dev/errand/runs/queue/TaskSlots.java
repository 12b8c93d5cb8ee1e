package dev.errand.runs.queue;

import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import jakarta.enterprise.event.Event;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Gives the slots of tasks to runs. A task has as many slots as its {@code concurrency}; a run
 * holds one while it is eligible or running, and only eligible runs are claimed. A transaction that
 * counts the slots of a task holds its lock until the commit. Each operation that frees a slot or
 * adds a run fills the slots in the same transaction or right after it; {@link #repair} corrects
 * what a crash between the two has left.
 */
@Singleton
public class TaskSlots {
  private static final Logger LOG = Logger.getLogger(TaskSlots.class);
  // Each takes a lock, of which the database has a limited number.
  private static final int TASKS_AT_ONCE = 100;
  private static final int DUE_AT_ONCE = 1000;
  private static final int REST_FACTOR = 50;

  private final Sql sql;
  private final Event<RunEnqueued> enqueued;
  private volatile long repairAfter = System.nanoTime();

  public TaskSlots(Sql sql, Event<RunEnqueued> enqueued) {
    this.sql = sql;
    this.enqueued = enqueued;
  }

  /** A statement that locks the slots of tasks until the end of its transaction. */
  public SqlStatement lock(Collection<UUID> tasks) {
    return sql.statement(SlotStatements.LOCK).with("slots_of", "uuid", tasks);
  }

  /**
   * A statement that fills the free slots of tasks, which are locked; it returns a row per run,
   * with the claim of each that begins in this process.
   */
  SqlStatement filling(Collection<UUID> tasks, RunCapacity.Reserved room) {
    return room.in(of(SlotStatements.FILL_AND_BEGIN, tasks));
  }

  public SqlStatement due() {
    return sql.statement(SlotStatements.DUE).with("most", DUE_AT_ONCE);
  }

  /**
   * Updates the slots of tasks: due runs wait for a slot, surplus slots are taken back, and free
   * ones are filled.
   *
   * @return how many runs have become eligible
   */
  public int settle(Collection<UUID> tasks) {
    List<UUID> all = List.copyOf(new LinkedHashSet<>(tasks));
    int eligible = 0;
    for (int from = 0; from < all.size(); from += TASKS_AT_ONCE) {
      eligible += settleSome(all.subList(from, Math.min(all.size(), from + TASKS_AT_ONCE)));
    }
    return eligible;
  }

  private int settleSome(List<UUID> tasks) {
    List<Long> eligible = new ArrayList<>();
    sql.script()
        .then(lock(tasks))
        .then(of(SlotStatements.WAIT, tasks))
        .then(of(SlotStatements.TAKE_BACK, tasks))
        .then(
            RunCapacity.NONE.in(of(SlotStatements.FILL, tasks)),
            row -> eligible.add(row.number("id")))
        .run();
    eligible.stream().limit(1).forEach(id -> enqueued.fire(new RunEnqueued(id)));
    return eligible.size();
  }

  /**
   * Finds tasks whose slots break the rules, and corrects them. It reads every run that has not
   * ended.
   *
   * @return the tasks that were found
   */
  public Set<UUID> repair() {
    Set<UUID> wrong = wrong();
    if (!wrong.isEmpty()) {
      int eligible = settle(wrong);
      // Most of these tasks are about to be updated after a commit; correcting them does no harm.
      LOG.debugf(
          "The slots of tasks were corrected: tasks: %d; runs that became eligible: %d",
          wrong.size(), eligible);
    }
    return wrong;
  }

  /**
   * Does {@link #repair}, unless that would take more than a fiftieth of the time.
   *
   * @return whether a task was found
   */
  public boolean repairAtTimes() {
    long begin = System.nanoTime();
    if (begin - repairAfter < 0) {
      return false;
    }
    boolean found = !repair().isEmpty();
    long end = System.nanoTime();
    repairAfter = end + REST_FACTOR * (end - begin);
    return found;
  }

  /** The tasks whose slots break the rules. */
  public Set<UUID> wrong() {
    return new LinkedHashSet<>(sql.statement(SlotStatements.WRONG).list(row -> row.id("task_id")));
  }

  private SqlStatement of(String statement, Collection<UUID> tasks) {
    return sql.statement(statement).with("task_ids", "uuid", tasks);
  }
}
