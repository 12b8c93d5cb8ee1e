package dev.errand.runs.task;

import dev.errand.base.database.Sql;
import dev.errand.identity.token.ExistingTasks;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** Reads whether a task that a token names exists. */
@ApplicationScoped
class ExistingTaskReader implements ExistingTasks {
  private final Sql sql;

  ExistingTaskReader(Sql sql) {
    this.sql = sql;
  }

  @Override
  public boolean is(UUID profileId, String name) {
    return sql.statement(TaskStatements.EXISTS)
        .with("profile_id", profileId)
        .with("name", name)
        .exists();
  }
}
