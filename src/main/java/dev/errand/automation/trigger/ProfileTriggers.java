package dev.errand.automation.trigger;

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
import org.jspecify.annotations.Nullable;

/** Lists the triggers of all tasks of a profile, without their addresses. */
@ApplicationScoped
public class ProfileTriggers {
  // The second condition allows the use of the index of tasks. A trigger has a hundred deliveries
  // at most.
  private static final String OF_PROFILE =
      """
      SELECT t.name, t.scheme, t.enabled, t.expires_at, task.name AS task, d.verdict, d.code,
        d.received_at
      FROM task JOIN task_trigger t ON t.task_id = task.id LEFT JOIN LATERAL (
        SELECT verdict, code, received_at FROM trigger_delivery
        WHERE trigger_id = t.id ORDER BY id DESC LIMIT 1) AS d ON true
      WHERE task.profile_id = :profile_id AND task.deleted_at IS NULL
        AND task.name >= :task AND (task.name, t.name) > (:task, :after)
      ORDER BY task.name, t.name LIMIT :most
      """;

  private final ProfileAccess access;
  private final Sql sql;

  ProfileTriggers(ProfileAccess access, Sql sql) {
    this.access = access;
    this.sql = sql;
  }

  /**
   * A trigger in the list of a profile.
   *
   * @param expiresAt when its address expires; null for never
   * @param last its newest delivery; null where there is none
   */
  @RegisterForReflection
  public record ListedTrigger(
      String task,
      String name,
      String scheme,
      boolean enabled,
      @Nullable Instant expiresAt,
      @Nullable Last last) {}

  /**
   * The newest delivery to a trigger.
   *
   * @param code the code of its error; null for none
   */
  @RegisterForReflection
  public record Last(String verdict, @Nullable String code, Instant receivedAt) {}

  /**
   * Some of the profile's triggers, by the names of task and trigger.
   *
   * @param task the name of the task of the trigger that they follow; empty for the first ones
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}
   */
  @Transactional
  public List<ListedTrigger> list(
      Caller caller, ProfileSlug slug, String task, String after, int most) {
    Profile profile = access.requireForList(caller, slug, Right.SEE);
    return sql
        .statement(OF_PROFILE)
        .with("profile_id", profile.id())
        .with("task", task)
        .with("after", after)
        .with("most", most)
        .list(ListedTrigger.class)
        .stream()
        .filter(of -> ProfileAccess.coversTask(caller, profile, slug, of.task()))
        .toList();
  }
}
