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
import jakarta.persistence.Column;
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

  // Of a task that is disabled nothing is expected. Each of the first 1,000 tasks is looked up in
  // the index of those that fail.
  private static final String FAILING =
      """
      SELECT task.name AS task, t.*
      FROM (
        SELECT id, name FROM task WHERE profile_id = :profile_id AND deleted_at IS NULL AND enabled
          AND (cardinality(:tasks::text[]) = 0 OR name = ANY (:tasks::text[]))
        ORDER BY name LIMIT 1000) AS task
      CROSS JOIN LATERAL (
        SELECT name, failing_since, failures, failing_reason FROM task_trigger
        WHERE task_id = task.id AND failing_since IS NOT NULL AND enabled
          AND (expires_at > now()) IS NOT FALSE
        ORDER BY failing_since LIMIT :most) AS t
      ORDER BY t.failing_since, task.name, t.name LIMIT :most
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
   * A trigger whose deliveries fail.
   *
   * @param since when the first of them came
   * @param deliveries how many came since then without one that works
   * @param reason why the last of them failed, as a sentence
   */
  @RegisterForReflection
  public record FailingTrigger(
      String task,
      String name,
      @Column(name = "failing_since") Instant since,
      @Column(name = "failures") int deliveries,
      @Column(name = "failing_reason") String reason) {}

  /**
   * The enabled triggers whose deliveries fail, that which has failed longest first.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}
   */
  public List<FailingTrigger> failing(Caller caller, ProfileSlug slug, int most) {
    Profile profile = access.requireForList(caller, slug, Right.SEE);
    return sql.statement(FAILING)
        .with("profile_id", profile.id())
        .with("tasks", "text", ProfileAccess.tasksOf(caller, profile))
        .with("most", most)
        .list(FailingTrigger.class);
  }

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
