package dev.errand.runs.queue;

import dev.errand.runs.queue.RunOutcomes.Named;
import dev.errand.runs.queue.record.Enqueued;
import dev.errand.runs.queue.record.RunEnqueued;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
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
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Enqueues many runs in as many statements as they have profiles. */
@ApplicationScoped
public class RunBatch {
  private final DataSource database;
  private final QueueBound bound;
  private final Event<RunEnqueued> enqueued;

  RunBatch(DataSource database, QueueBound bound, Event<RunEnqueued> enqueued) {
    this.database = database;
    this.bound = bound;
    this.enqueued = enqueued;
  }

  /**
   * Enqueues runs, each as {@link RunQueue#enqueue} does. In a transaction it takes effect with the
   * transaction.
   *
   * @param runs runs of which no two have the same task and name
   * @return what came of each, by task and name
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
    Map<Long, Named> started =
        RunSql.with(
            database,
            connection -> {
              try (PreparedStatement insert =
                  connection.prepareStatement(RunStatements.ENQUEUE_ALL)) {
                bind(connection, insert, runs);
                Map<Long, Named> added = new LinkedHashMap<>();
                try (ResultSet rows = insert.executeQuery()) {
                  while (rows.next()) {
                    added.put(
                        rows.getLong("id"),
                        new Named(rows.getObject("task_id", UUID.class), rows.getString("name")));
                  }
                }
                return added;
              }
            });
    started.keySet().forEach(id -> enqueued.fire(new RunEnqueued(id)));
    return new HashSet<>(started.values());
  }

  private static void bind(Connection connection, PreparedStatement insert, List<NewRun> runs)
      throws SQLException {
    insert.setArray(1, array(connection, "uuid", runs, NewRun::taskId));
    insert.setArray(2, array(connection, "uuid", runs, NewRun::profileId));
    insert.setArray(3, array(connection, "text", runs, NewRun::name));
    insert.setArray(4, array(connection, "text", runs, NewRun::parameters));
    insert.setArray(5, array(connection, "text", runs, NewRun::assignment));
    insert.setArray(6, array(connection, "text", runs, NewRun::trigger));
    insert.setArray(7, array(connection, "integer", runs, NewRun::depth));
    insert.setArray(8, array(connection, "boolean", runs, NewRun::alone));
    insert.setArray(9, array(connection, "text", runs, run -> text(run.scheduledAt())));
    insert.setArray(10, array(connection, "text", runs, NewRun::firstEntry));
    insert.setArray(11, array(connection, "text", runs, NewRun::traceparent));
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }

  private static Array array(
      Connection connection, String type, List<NewRun> runs, Function<NewRun, @Nullable Object> of)
      throws SQLException {
    return connection.createArrayOf(type, runs.stream().map(of).toArray());
  }
}
