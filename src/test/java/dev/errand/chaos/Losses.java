package dev.errand.chaos;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * When workers lost their database, or a run because they could not extend its lease in time: on a
 * slow machine that befalls some that nobody disturbed. All times are in nanoseconds of this
 * machine.
 */
final class Losses {
  private static final long LONGEST_LATE = Duration.ofMinutes(1).toNanos();
  private static final String NOTE =
      """
      CREATE TABLE rescued (run_id bigint NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp());
      CREATE FUNCTION note_rescue() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO rescued (run_id) VALUES (NEW.id);
        RETURN NULL;
      END $$;
      CREATE TRIGGER run_rescued AFTER UPDATE OF losses ON run FOR EACH ROW
        WHEN (NEW.losses > OLD.losses) EXECUTE FUNCTION note_rescue()
      """;
  private static final String RESCUED =
      """
      SELECT name, extract(epoch FROM clock_timestamp() - at) * 1000000000
      FROM rescued JOIN run ON run.id = run_id
      """;

  private final List<Span> outages = new CopyOnWriteArrayList<>();
  private final Map<String, List<Long>> rescues = new HashMap<>();

  private record Span(long from, long to) {}

  /** Lets the database note which runs were taken from their workers. */
  static void note(Connection database) throws SQLException {
    try (Statement statement = database.createStatement()) {
      statement.execute(NOTE);
    }
  }

  /** The database was not to be had between these times. */
  void outage(long from, long to) {
    outages.add(new Span(from, to));
  }

  /** Reads what the database noted. */
  void read(Connection database) throws SQLException {
    // Before the question rather than after: a rescue must not seem to come after what followed it.
    long now = System.nanoTime();
    try (Statement statement = database.createStatement();
        ResultSet row = statement.executeQuery(RESCUED)) {
      while (row.next()) {
        rescues
            .computeIfAbsent(row.getString(1), name -> new ArrayList<>())
            .add(now - row.getLong(2));
      }
    }
  }

  /** Whether a worker may have lost that run, or its database, between these times. */
  boolean mayHaveCut(String run, long from, long until) {
    return outages.stream().anyMatch(outage -> outage.from() < until && outage.to() > from)
        || rescues.getOrDefault(run, List.of()).stream().anyMatch(at -> at > from && at < until);
  }

  /** Whether who asks at that time may not have heard yet that it lost that run. */
  boolean mayBeLate(String run, long at) {
    return rescues.getOrDefault(run, List.of()).stream()
        .anyMatch(rescue -> rescue < at && at - rescue < LONGEST_LATE);
  }

  /** How many runs were taken from their workers. */
  int rescued() {
    return rescues.values().stream().mapToInt(List::size).sum();
  }
}
