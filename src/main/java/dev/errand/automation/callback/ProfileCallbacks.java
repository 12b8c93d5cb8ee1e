package dev.errand.automation.callback;

import dev.errand.automation.callback.CallbackService.CallbackView;
import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Lists the callbacks of all tasks of a profile. */
@ApplicationScoped
public class ProfileCallbacks {
  /** A position before the first callback of a task. */
  public static final UUID FIRST = new UUID(0, 0);

  // The second condition allows the use of the index of tasks.
  private static final String OF_PROFILE =
      """
      SELECT c.*, c.disabled_at IS NULL AS enabled, task.name AS task, d.state, d.event, d.happened_at
      FROM task JOIN task_callback c ON c.task_id = task.id LEFT JOIN LATERAL (
        SELECT state, event, happened_at FROM callback_delivery
        WHERE callback_id = c.id ORDER BY created_at DESC, id LIMIT 1) AS d ON true
      WHERE task.profile_id = :profile_id AND task.deleted_at IS NULL
        AND task.name >= :task AND (task.name, c.id) > (:task, :after)
      ORDER BY task.name, c.id LIMIT :most
      """;

  private final ProfileAccess access;
  private final Sql sql;

  ProfileCallbacks(ProfileAccess access, Sql sql) {
    this.access = access;
    this.sql = sql;
  }

  /**
   * A callback in the list of a profile.
   *
   * @param last its newest delivery; null where there is none
   */
  @RegisterForReflection
  public record ListedCallback(String task, CallbackView callback, @Nullable Last last) {
    private ListedCallback withServerAlone() {
      return new ListedCallback(task, callback.withServerAlone(), last);
    }
  }

  /**
   * The newest delivery of a callback.
   *
   * @param state pending, delivered, failed or cancelled
   */
  @RegisterForReflection
  public record Last(String state, String event, Instant happenedAt) {}

  /**
   * Some of the profile's callbacks, by the names of their tasks.
   *
   * @param task the name of the task of the callback that they follow; empty for the first ones
   * @param after the id of that callback, or {@link #FIRST}
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}
   */
  @Transactional
  public List<ListedCallback> list(
      Caller caller, ProfileSlug slug, String task, UUID after, int most) {
    Profile profile = access.requireForList(caller, slug, Right.SEE);
    boolean toEditor = access.allows(caller, profile, Right.EDIT);
    return sql
        .statement(OF_PROFILE)
        .with("profile_id", profile.id())
        .with("task", task)
        .with("after", after)
        .with("most", most)
        .list(ListedCallback.class)
        .stream()
        .filter(of -> ProfileAccess.coversTask(caller, profile, slug, of.task()))
        .map(of -> toEditor ? of : of.withServerAlone())
        .toList();
  }
}
