package dev.errand.runs.task;

import dev.errand.base.database.Row;
import dev.errand.base.field.NameRule;
import dev.errand.identity.account.SessionJoin;
import dev.errand.identity.auth.AddressReader;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the task of an address of runs together with the session of the request. */
@Singleton
class TaskOfAddress implements AddressReader {
  // Percent-encoded names are not matched here; the task is then read by another statement.
  private static final String NAME = "(" + NameRule.OF_TASK + ")";
  private static final Pattern RUNS =
      Pattern.compile("/api/profiles/[^/]+/" + NAME + "/tasks/" + NAME + "/runs(/.*)?");

  @Override
  public Optional<SessionJoin<TaskSnapshot>> join(String path) {
    Matcher names = RUNS.matcher(path);
    if (!names.matches()) {
      return Optional.empty();
    }
    String profile = names.group(1);
    String task = names.group(2);
    return Optional.of(
        new SessionJoin<>(
            TaskStatements.OF_SESSION,
            List.of(profile, task),
            statement -> statement.with("profile", profile).with("task", task),
            TaskOfAddress::joined));
  }

  private static Optional<TaskSnapshot> joined(Row row) {
    return row.textOrNull("task") == null
        ? Optional.empty()
        : Optional.of(row.as(TaskSnapshot.class));
  }
}
