package dev.errand.automation.callback;

import dev.errand.automation.callback.CallbackService.CallbackView;
import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.base.json.Coded;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;

/** The queue of callback deliveries. Ends of runs add to it; all times are the database's. */
@ApplicationScoped
class CallbackQueue {
  private static final int MOST_OF_ONE = 4;
  private static final int SHOWN = 100;

  private final Sql sql;

  CallbackQueue(Sql sql) {
    this.sql = sql;
  }

  /** The state of a delivery after an attempt. */
  enum State {
    PENDING,
    DELIVERED,
    FAILED
  }

  /**
   * Claims due deliveries.
   *
   * @param most how many at most
   * @param lease how long the claims hold
   */
  List<DueDelivery> claim(int most, Duration lease) {
    return sql.statement(CallbackStatements.CLAIM)
        .with("most_of_one", MOST_OF_ONE)
        .with("most", most)
        .with("lease_ms", lease.toMillis())
        .list(CallbackQueue::due);
  }

  /**
   * Records the end of an attempt, unless another attempt has begun meanwhile.
   *
   * @param wait how long until the next one
   */
  void record(DueDelivery due, CallbackAttempt attempt, State state, Duration wait) {
    sql.statement(CallbackStatements.RECORD)
        .with("state", Coded.codeOf(state))
        .with("wait_ms", wait.toMillis())
        .with("id", due.deliveryId())
        .with("attempt", due.attempt())
        .with("status", attempt.status())
        .with("error", attempt.error())
        .with("took_ms", attempt.took().toMillis())
        .update();
  }

  /** Releases a claimed delivery for other processes. */
  void release(DueDelivery due) {
    sql.statement(CallbackStatements.RELEASE)
        .with("id", due.deliveryId())
        .with("attempt", due.attempt())
        .update();
  }

  /** Disables a callback and cancels its pending deliveries. */
  void switchOff(UUID callbackId) {
    sql.statement(CallbackStatements.SWITCH_OFF).with("id", callbackId).update();
  }

  /** Enables a callback for events from now on. */
  void switchOn(UUID callbackId) {
    sql.statement(CallbackStatements.SWITCH_ON).with("id", callbackId).update();
  }

  /** Makes a delivery due again at once, unless an attempt is running. */
  void again(UUID callbackId, UUID deliveryId) {
    sql.statement(CallbackStatements.AGAIN)
        .with("id", deliveryId)
        .with("callback_id", callbackId)
        .update();
  }

  /**
   * The callbacks of a task, the oldest first.
   *
   * @param toEditor whether they are shown to a user who may change them
   */
  List<CallbackView> callbacks(UUID taskId, boolean toEditor) {
    return sql.statement(CallbackStatements.OF_TASK)
        .with("task_id", taskId)
        .list(row -> CallbackView.of(row, toEditor));
  }

  /** The newest deliveries of a callback, newest first, with all their attempts. */
  List<CallbackDelivery> newest(UUID callbackId) {
    List<CallbackDelivery> deliveries =
        sql.statement(CallbackStatements.NEWEST)
            .with("callback_id", callbackId)
            .with("most", SHOWN)
            .list(CallbackQueue::delivery);
    Map<UUID, List<CallbackDelivery.Made>> attempts = new HashMap<>();
    sql.statement(CallbackStatements.ATTEMPTS)
        .with("ids", "uuid", deliveries.stream().map(CallbackDelivery::id).toList())
        .each(
            row ->
                attempts
                    .computeIfAbsent(row.id("delivery_id"), id -> new ArrayList<>())
                    .add(made(row)));
    return deliveries.stream()
        .map(delivery -> delivery.with(attempts.getOrDefault(delivery.id(), List.of())))
        .toList();
  }

  /**
   * The depth of the run that a delivery reports, 0 where it reports none; empty if there is no
   * such delivery.
   */
  OptionalInt depthOf(UUID deliveryId) {
    return sql.statement(CallbackStatements.DEPTH)
        .with("id", deliveryId)
        .first(row -> OptionalInt.of(row.integer("depth")))
        .orElse(OptionalInt.empty());
  }

  /** Removes deliveries that ended a week ago, and the callbacks of deleted tasks. */
  void forget() {
    sql.statement(CallbackStatements.FORGET).update();
    sql.statement(CallbackStatements.FORGET_DELETED).update();
  }

  private static DueDelivery due(Row row) {
    return new DueDelivery(
        row.id("id"),
        row.integer("attempt"),
        row.integer("tries"),
        row.text("event"),
        row.time("happened_at"),
        row.id("callback_id"),
        row.text("url"),
        row.bytes("secrets_sealed"),
        row.textOrNull("base_url"),
        row.text("username"),
        row.text("profile"),
        row.text("task"),
        row.textOrNull("run"),
        row.textOrNull("installation"),
        row.textOrNull("traceparent"),
        row.textOrNull("included"));
  }

  private static CallbackDelivery delivery(Row row) {
    String state = row.text("state");
    return new CallbackDelivery(
        row.id("id"),
        row.text("event"),
        row.textOrNull("run"),
        row.textOrNull("installation"),
        state,
        row.time("happened_at"),
        state.equals("pending") ? row.time("due_at") : null,
        List.of());
  }

  private static CallbackDelivery.Made made(Row row) {
    return new CallbackDelivery.Made(
        row.integer("number"),
        row.time("at"),
        row.integerOrNull("status"),
        row.textOrNull("error"),
        row.integer("took_ms"));
  }
}
