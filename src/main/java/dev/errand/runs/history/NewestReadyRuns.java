package dev.errand.runs.history;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.base.json.Json;
import dev.errand.runs.prompt.PreviousRun;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Finds the newest run of a schedule or task that ended as {@code ready}. */
@Singleton
public class NewestReadyRuns {
  private static final String NO_SCHEDULE = "";

  private final Sql sql;
  private final Json json;

  NewestReadyRuns(Sql sql, Json json) {
    this.sql = sql;
    this.json = json;
  }

  /**
   * The origin of a run: its task and, if there is one, the schedule that starts it.
   *
   * @param schedule the schedule's name; null without one
   */
  public record Origin(UUID taskId, @Nullable String schedule) {}

  /**
   * The newest ready run of the schedule; if it has none, that of the task. Removed runs do not
   * count.
   *
   * @return the run of each origin that has one
   */
  public Map<Origin, PreviousRun> of(Set<Origin> origins) {
    if (origins.isEmpty()) {
      return Map.of();
    }
    List<Origin> asked = List.copyOf(origins);
    List<String> schedules = new ArrayList<>();
    for (Origin origin : asked) {
      schedules.add(origin.schedule() == null ? NO_SCHEDULE : origin.schedule());
    }
    Map<Origin, PreviousRun> found = new HashMap<>();
    sql.statement(ArchiveStatements.PREVIOUS)
        .with("task_ids", "uuid", asked, Origin::taskId)
        .with("schedules", "text", schedules)
        .with("most", PreviousRun.MOST_CHARACTERS)
        .each(
            row ->
                found.put(
                    asked.get(row.integer("number") - 1),
                    PreviousRun.of(
                        row.text("name"),
                        row.time("finished_at"),
                        row.text("output"),
                        row.integer("characters"),
                        result(row))));
    return found;
  }

  private @Nullable JsonNode result(Row row) {
    String result = row.textOrNull("result");
    return result == null ? null : json.tree(result);
  }
}
