package dev.errand.runs.queue;

import dev.errand.runs.queue.record.RunStatus;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Tells how far many runs have come, of whatever tasks, at once. */
@ApplicationScoped
public class RunOutcomes {
  static final String OF_NAMED =
      """
      SELECT task_id, name, status, error_code
      FROM unnest(?::uuid[], ?::text[]) AS asked (task_id, name) JOIN run USING (task_id, name)
      """;

  private final DataSource database;

  RunOutcomes(DataSource database) {
    this.database = database;
  }

  /**
   * Which run.
   *
   * @param taskId its task
   * @param name its name
   */
  public record Named(UUID taskId, String name) {}

  /**
   * How far a run has come.
   *
   * @param status where it stands
   * @param errorCode why it ended without a last message
   */
  public record Outcome(RunStatus status, @Nullable String errorCode) {}

  /** How far each of the runs has come; one that is not there is left out. */
  public Map<Named, Outcome> of(Collection<Named> runs) {
    if (runs.isEmpty()) {
      return Map.of();
    }
    return RunSql.with(
        database,
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(OF_NAMED)) {
            select.setArray(
                1, connection.createArrayOf("uuid", runs.stream().map(Named::taskId).toArray()));
            select.setArray(
                2, connection.createArrayOf("text", runs.stream().map(Named::name).toArray()));
            Map<Named, Outcome> outcomes = new HashMap<>();
            try (ResultSet rows = select.executeQuery()) {
              while (rows.next()) {
                outcomes.put(
                    new Named(rows.getObject("task_id", UUID.class), rows.getString("name")),
                    new Outcome(
                        RunStatus.of(rows.getString("status")), rows.getString("error_code")));
              }
            }
            return outcomes;
          }
        });
  }
}
