package dev.errand.runs.task;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.profile.Profile;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Reads tasks, each time by one statement; checks no rights. */
@ApplicationScoped
public class TaskReader {
  private final Sql sql;

  TaskReader(Sql sql) {
    this.sql = sql;
  }

  public Optional<TaskSnapshot> find(Profile profile, String name) {
    return sql.statement(TaskStatements.OF_PROFILE)
        .with("profile_id", profile.id())
        .by("task", name)
        .first(TaskSnapshot.class);
  }

  /**
   * The task of that name.
   *
   * @throws ApiException {@link ErrorCode#TASK_NOT_FOUND}
   */
  public TaskSnapshot require(Profile profile, String name) {
    return find(profile, name).orElseThrow(() -> notFound(profile, name));
  }

  Optional<TaskSnapshot> find(UUID ownerId, String profile, String name) {
    return sql.statement(TaskStatements.OF_OWNER)
        .with("owner_id", ownerId)
        .by("profile", profile)
        .by("task", name)
        .first(TaskSnapshot.class);
  }

  /**
   * Some of a profile's tasks, by name.
   *
   * @param names those that may be among them; empty for all
   */
  List<TaskSnapshot> some(Profile profile, List<String> names, String after, int most) {
    return sql.statement(TaskStatements.SOME)
        .with("profile_id", profile.id())
        .with("names", "text", names)
        .with("after", after)
        .with("most", most)
        .list(TaskSnapshot.class);
  }

  /** How many bytes of texts each of these has. */
  List<Long> sizes(Profile profile, List<String> names, String after, int most) {
    return sql.statement(TaskStatements.SIZES)
        .with("profile_id", profile.id())
        .with("names", "text", names)
        .with("after", after)
        .with("most", most)
        .list(row -> row.number("bytes"));
  }

  /** A task, as far as its name and whether it is switched on. */
  @RegisterForReflection
  public record NamedTask(String name, boolean enabled) {}

  /** The names of a profile's tasks, in order. */
  List<NamedTask> names(Profile profile) {
    return sql.statement(TaskStatements.NAMES)
        .with("profile_id", profile.id())
        .list(NamedTask.class);
  }

  /** The tasks that have these ids, by id, deleted ones too. */
  public Map<UUID, TaskSnapshot> all(Set<UUID> ids) {
    Map<UUID, TaskSnapshot> found = new HashMap<>();
    sql.statement(TaskStatements.BY_IDS)
        .with("ids", "uuid", ids)
        .each(
            row -> {
              TaskSnapshot task = row.as(TaskSnapshot.class);
              found.put(task.id(), task);
            });
    return found;
  }

  /** The name of a task, even of a deleted one. */
  public String name(UUID id) {
    return sql.statement(TaskStatements.NAME).with("id", id).one(row -> row.text("name"));
  }

  public static ApiException notFound(Profile profile, String name) {
    return new ApiException(
        ErrorCode.TASK_NOT_FOUND,
        "There is no task " + name + " in the profile " + profile.name() + ".");
  }
}
