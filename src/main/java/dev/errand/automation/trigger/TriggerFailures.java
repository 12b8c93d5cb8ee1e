package dev.errand.automation.trigger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.automation.trigger.TriggerDelivery.Verdict;
import dev.errand.base.database.Sql;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Json;
import dev.errand.runs.event.EventKind;
import dev.errand.runs.event.TaskEvent;
import dev.errand.runs.event.TaskEvents;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Records since when the deliveries to a trigger fail, and raises an event when they begin to and
 * when they work again. A delivery of somebody who was never verified does not count.
 */
@ApplicationScoped
class TriggerFailures {
  // The locks are taken in the order of a deletion of the profile: the event refers to the profile.
  private static final String LOCKED =
      """
      WITH kept AS MATERIALIZED (
        SELECT id FROM profile WHERE id = :profile_id FOR KEY SHARE),
      old AS MATERIALIZED (
        SELECT id, failing_since, failures, failing_told, NOT failing_told AND (
            failing_told_at IS NULL OR failing_told_at < now() - interval '1 hour') AS is_news
        FROM task_trigger WHERE id = :id AND EXISTS (SELECT FROM kept) FOR NO KEY UPDATE)
      UPDATE task_trigger AS now SET
      """;

  // A sender is known by its address. A replay has the address of whoever asked for it.
  private static final String FAIL =
      LOCKED
          + """
            failing_since = coalesce(old.failing_since, now()),
            failures = least(old.failures + 1, 1000000), failing_verdict = :verdict,
            failing_reason = :reason, failing_told = old.failing_told OR old.is_news,
            failing_told_at = CASE WHEN old.is_news THEN now() ELSE now.failing_told_at END
          FROM old WHERE now.id = old.id AND (:is_verified OR EXISTS (
            SELECT FROM trigger_delivery
            WHERE trigger_id = :id AND sender = :sender AND verdict <> 'refused'
              AND replay_of IS NULL))
          RETURNING now.failing_since, now.failures, old.is_news AS tells, now() AS at
          """;

  private static final String RECOVER =
      LOCKED
          + """
            failing_since = NULL, failures = 0, failing_verdict = NULL, failing_reason = NULL,
            failing_told = false
          FROM old WHERE now.id = old.id AND old.failing_since IS NOT NULL
          RETURNING old.failing_since, old.failures, old.failing_told AS tells, now() AS at
          """;

  private static final String REFUSED = Verdict.REFUSED.code();
  private static final String FILTERED = Verdict.FILTERED.code();

  // A person has switched off what it would start.
  private static final Set<String> ON_PURPOSE =
      Set.of(
          ErrorCode.TRIGGER_DISABLED.code(),
          ErrorCode.TASK_DISABLED.code(),
          ErrorCode.PROFILE_PAUSED.code(),
          ErrorCode.USER_DISABLED.code());

  private final Sql sql;
  private final TriggerDeliveryLog log;
  private final TaskEvents events;
  private final Json json;

  TriggerFailures(Sql sql, TriggerDeliveryLog log, TaskEvents events, Json json) {
    this.sql = sql;
    this.log = log;
    this.events = events;
    this.json = json;
  }

  /**
   * What a delivery changed.
   *
   * @param tells whether it is told: not more than once an hour, so that a trigger to which every
   *     other delivery fails does not send a message for each
   */
  @RegisterForReflection
  private record Changed(Instant failingSince, int failures, boolean tells, Instant at) {}

  /** What a delivery says of those to its trigger. */
  private enum Effect {
    /** They fail. */
    FAILS,
    /** They fail if its sender was verified before. */
    FAILS_IF_KNOWN,
    /** They work. */
    WORKS,
    NONE
  }

  /**
   * Adds a delivery to those of its trigger.
   *
   * @param conditionFailed whether it is filtered because the condition could not be evaluated
   */
  void add(
      TriggerSnapshot trigger,
      HookRequest incoming,
      TriggerDelivery delivery,
      boolean conditionFailed) {
    switch (effect(trigger, delivery, conditionFailed)) {
      case NONE -> log.add(trigger, incoming, delivery);
      case FAILS -> fail(trigger, incoming, delivery, true);
      case FAILS_IF_KNOWN -> fail(trigger, incoming, delivery, false);
      case WORKS -> recover(trigger, incoming, delivery);
    }
  }

  private static Effect effect(
      TriggerSnapshot trigger, TriggerDelivery delivery, boolean conditionFailed) {
    String failing = trigger.failingVerdict();
    boolean wasRefused = REFUSED.equals(failing);
    boolean isReplay = delivery.replayOf() != null;
    return switch (delivery.verdict()) {
      // A replay was verified when it was received.
      case STARTED, KNOWN ->
          failing == null || (isReplay && wasRefused) ? Effect.NONE : Effect.WORKS;
      // It shows that signature and condition are right, and not that a run can start.
      case FILTERED ->
          conditionFailed
              ? Effect.FAILS
              : wasRefused || FILTERED.equals(failing) ? Effect.WORKS : Effect.NONE;
      case FAILED -> isReplay || ON_PURPOSE.contains(delivery.code()) ? Effect.NONE : Effect.FAILS;
      case REFUSED ->
          ErrorCode.RATE_LIMITED.code().equals(delivery.code())
              ? Effect.FAILS
              : Effect.FAILS_IF_KNOWN;
      case CHALLENGED -> Effect.NONE;
    };
  }

  private void fail(
      TriggerSnapshot trigger, HookRequest incoming, TriggerDelivery delivery, boolean isVerified) {
    QuarkusTransaction.joiningExisting()
        .run(
            () -> {
              sql.statement(FAIL)
                  .with("profile_id", trigger.task().profile().id())
                  .with("id", trigger.id())
                  .with("sender", delivery.sender())
                  .with("verdict", delivery.verdict().code())
                  .with("reason", delivery.message())
                  .with("is_verified", isVerified)
                  .first(Changed.class)
                  .filter(Changed::tells)
                  .ifPresent(
                      changed ->
                          publish(
                              trigger,
                              EventKind.TRIGGER_FAILING,
                              changed,
                              delivery,
                              delivery.message()));
              log.add(trigger, incoming, delivery);
            });
  }

  private void recover(TriggerSnapshot trigger, HookRequest incoming, TriggerDelivery delivery) {
    QuarkusTransaction.joiningExisting()
        .run(
            () -> {
              sql.statement(RECOVER)
                  .with("profile_id", trigger.task().profile().id())
                  .with("id", trigger.id())
                  .first(Changed.class)
                  .filter(Changed::tells)
                  .ifPresent(
                      from ->
                          publish(
                              trigger,
                              EventKind.TRIGGER_RECOVERED,
                              from,
                              delivery,
                              from.failures() == 1
                                  ? "One delivery had failed before."
                                  : from.failures() + " deliveries in a row had failed before."));
              log.add(trigger, incoming, delivery);
            });
  }

  private void publish(
      TriggerSnapshot trigger,
      EventKind kind,
      Changed changed,
      TriggerDelivery delivery,
      @Nullable String reason) {
    ObjectNode details = json.object().put(TaskEvent.TRIGGER, trigger.name()).put("reason", reason);
    details.set("since", json.toTree(changed.failingSince()));
    details.put("failures", changed.failures());
    Json.setIfGiven(details, "event", delivery.event());
    Json.setIfGiven(details, "code", delivery.code());
    events.publish(List.of(new TaskEvent(trigger.task().id(), kind, changed.at(), details)));
  }
}
