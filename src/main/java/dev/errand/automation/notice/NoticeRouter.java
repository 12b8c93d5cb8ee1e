package dev.errand.automation.notice;

import dev.errand.automation.channel.ChannelMessage;
import dev.errand.automation.delivery.DeliveryConfig;
import dev.errand.automation.delivery.DeliveryQueue;
import dev.errand.automation.delivery.DeliverySource;
import dev.errand.automation.notice.FailingTasks.Failing;
import dev.errand.base.background.DueBatches;
import dev.errand.base.background.MinimumInterval;
import dev.errand.base.background.PeriodicJobs;
import dev.errand.base.background.WorkMode;
import dev.errand.base.database.Outage;
import dev.errand.base.database.Sql;
import dev.errand.base.json.Coded;
import dev.errand.models.port.WarningCode;
import dev.errand.runs.event.EventKind;
import dev.errand.runs.history.FailuresInARow;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads what happened from the outbox, decides by the notices who is told of it, and adds the
 * deliveries, in one transaction: nothing is lost, and nothing is told twice. One process at a time
 * does so, since the order of a task's runs counts. An event that fails alone is dropped, so that
 * it does not stop all others.
 */
@ApplicationScoped
public class NoticeRouter implements DeliverySource {
  private static final String ANY_EVENTS = "SELECT 1 FROM notice_event LIMIT 1";

  // A deletion of a profile locks it before its content. Its events wait for the next round, all of
  // them, since their order counts: were the router to wait for the deletion, which waits for rows
  // that the router has locked, the two would deadlock.
  private static final String EVENTS =
      """
      WITH e AS MATERIALIZED (
        SELECT * FROM notice_event WHERE event = ANY (:known) ORDER BY id LIMIT :looked_at),
      kept AS MATERIALIZED (
        SELECT id FROM profile WHERE id IN (SELECT profile_id FROM e) FOR KEY SHARE SKIP LOCKED)
      SELECT e.id, e.profile_id, e.task_id, e.run_id, e.installation, e.event, e.happened_at,
        e.failures, e.details,
        CASE WHEN e.event LIKE 'budget.%%' THEN e.details::json ->> 'budget' END AS budget,
        account.username, profile.name AS profile, task.name AS task,
        run.name AS run, run.error_code, run.error_message, run.warnings,
        CASE WHEN e.failures > 1 THEN (
          SELECT min(finished_at) FROM (%s) AS counted) END AS failing_since,
        (SELECT nullif(min(timezone), 'UTC') FROM schedule WHERE schedule.task_id = e.task_id
          HAVING min(timezone) = max(timezone)) AS zone
      FROM e LEFT JOIN profile ON profile.id = e.profile_id
        LEFT JOIN account ON account.id = profile.account_id
        LEFT JOIN task ON task.id = e.task_id AND task.deleted_at IS NULL
        LEFT JOIN run ON run.id = e.run_id
      WHERE profile.id IS NULL OR profile.id IN (SELECT id FROM kept)
      ORDER BY e.id LIMIT :most
      """
          .formatted(FailuresInARow.of("e.task_id", "e.run_id", 100));

  // After a return to the version before, which reads none, those that it left are no news. What a
  // newer version tells of waits for a process of that version, as long.
  private static final String FORGET =
      """
      WITH gone AS (
        DELETE FROM notice_event WHERE noted_at < now() - interval '1 day' RETURNING event)
      SELECT event, count(*) AS number FROM gone GROUP BY event ORDER BY event
      """;

  private static final String REMOVE = "DELETE FROM notice_event WHERE id = ANY (:ids)";

  // The lock makes it wait for a notice that is just being removed.
  private static final String NOTICES =
      "SELECT "
          + NoticeSnapshot.COLUMNS
          + " FROM "
          + NoticeSnapshot.WITH_CHANNEL
          + """
          WHERE notice.profile_id = ANY (:profiles) ORDER BY notice.profile_id, notice.name
          FOR KEY SHARE OF notice
          """;

  private static final Logger LOG = Logger.getLogger(NoticeRouter.class);
  private static final String TURN = "errand.notices";
  private static final List<String> KNOWN =
      Stream.concat(Coded.codeList(EventKind.class).stream(), Stream.of(OutboxEvent.ANSWER))
          .toList();
  private static final int BATCH = 100;
  private static final int LOOKED_AT = 10 * BATCH;
  private static final Duration LONGEST_PASS = Duration.ofMinutes(5);
  private static final Duration BETWEEN_SUMMARIES = Duration.ofSeconds(10);

  private final Sql sql;
  private final DeliveryQueue deliveries;
  private final NoticeMessages messages;
  private final HeldMessages heldMessages;
  private final NoticeLimits limits;
  private final DueBatches<Taken> batches;
  private final MinimumInterval summaries = new MinimumInterval(BETWEEN_SUMMARIES);

  NoticeRouter(
      Sql sql,
      DeliveryQueue deliveries,
      NoticeMessages messages,
      HeldMessages heldMessages,
      NoticeLimits limits) {
    this.sql = sql;
    this.deliveries = deliveries;
    this.messages = messages;
    this.heldMessages = heldMessages;
    this.limits = limits;
    this.batches =
        new DueBatches<>(
            "events",
            BATCH,
            (most, taken) -> {
              int _ = sql.inTurn(TURN, within -> routeSome(within, most, taken), 0);
            },
            this::drop);
  }

  /** An event that was taken from the outbox, as far as the log may name it. */
  private record Taken(long id, String type) {}

  // As often as deliveries are sent, after the work of the first start.
  void start(
      @Observes @Priority(Integer.MAX_VALUE - 1000) StartupEvent event,
      PeriodicJobs jobs,
      DeliveryConfig config) {
    if (config.mode() == WorkMode.LOOP) {
      jobs.every("notice-route", config.poll(), () -> addDeliveries(LONGEST_PASS));
    }
  }

  /** Decides on everything in the outbox, unless another process is doing so. */
  @Override
  public void addDeliveries(Duration most) {
    long end = System.nanoTime() + most.toNanos();
    if (DueBatches.goesOn(end) && sql.statement(ANY_EVENTS).exists()) {
      boolean mine = sql.inTurn(TURN, this::forget, false);
      int _ = mine ? batches.work(end) : 0;
    }
    if (DueBatches.goesOn(end) && summaries.isOver() && limits.holdAny(sql)) {
      summaries.done();
      for (UUID notice : limits.releasable(sql)) {
        if (DueBatches.goesOn(end)) {
          summarize(notice);
        }
      }
    }
  }

  private boolean forget(Sql within) {
    limits.forget(within);
    within
        .statement(FORGET)
        .each(
            row ->
                LOG.warnf(
                    "%d events of the type %s have waited for a day, and are not told any more.",
                    row.number("number"), row.text("event")));
    return true;
  }

  private void drop(Taken event, RuntimeException why) {
    // What is only crowded is told later, in its order.
    if (Outage.isPassing(why)) {
      throw why;
    }
    LOG.errorf(
        why,
        "The event %d of the type %s can't be told by notices, and is dropped.",
        event.id(),
        event.type());
    sql.statement(REMOVE).with("ids", "bigint", List.of(event.id())).update();
  }

  private int routeSome(Sql within, int most, List<Taken> taken) {
    List<OutboxEvent> events = new ArrayList<>();
    within
        .statement(EVENTS)
        .with("known", "text", KNOWN)
        .with("looked_at", LOOKED_AT)
        .with("most", most)
        .each(
            row -> {
              taken.add(new Taken(row.number("id"), row.text("event")));
              OutboxEvent event = OutboxEvent.of(row);
              if (event != null) {
                events.add(event);
              }
            });
    if (taken.isEmpty()) {
      return 0;
    }
    Map<UUID, List<NoticeSnapshot>> notices =
        within
            .statement(NOTICES)
            .with("profiles", "uuid", events, OutboxEvent::profileId)
            .list(NoticeSnapshot.class)
            .stream()
            .collect(Collectors.groupingBy(NoticeSnapshot::profileId));
    FailingTasks failing = new FailingTasks(within);
    for (OutboxEvent event : events) {
      for (NoticeSnapshot notice : notices.getOrDefault(event.profileId(), List.of())) {
        route(within, failing, notice, event);
      }
    }
    within.statement(REMOVE).with("ids", "bigint", taken, Taken::id).update();
    return taken.size();
  }

  private void route(Sql within, FailingTasks failing, NoticeSnapshot notice, OutboxEvent event) {
    switch (event.kind()) {
      case RUN_ERROR -> failed(within, failing, notice, event);
      case RUN_READY -> ready(within, failing, notice, event);
      default -> {
        if (notice.has(event.kind())) {
          tell(within, notice, event, event.kind(), null);
        }
      }
    }
  }

  private void failed(Sql within, FailingTasks failing, NoticeSnapshot notice, OutboxEvent event) {
    if (!notice.settings().enabled() || !notice.settings().covers(event.task())) {
      return;
    }
    UUID task = Objects.requireNonNull(event.taskId());
    OutboxEvent.EndedRun run = event.ended();
    boolean counts =
        notice.has(EventKind.RUN_ERRORS_IN_A_ROW) || notice.has(EventKind.RUN_RECOVERED);
    Failing state =
        counts
            ? failing.add(notice.id(), task, event.failing(), run.id())
            : new Failing(event.failing().since(), event.failing().number(), false);
    if (notice.has(EventKind.RUN_ERRORS_IN_A_ROW)
        && !state.isTold()
        && state.failures() >= notice.settings().errorsInARow()) {
      if (tell(within, notice, event, EventKind.RUN_ERRORS_IN_A_ROW, state)) {
        failing.told(notice.id(), task);
      }
    } else if (notice.has(EventKind.RUN_ERROR)) {
      tell(within, notice, event, EventKind.RUN_ERROR, state);
    }
  }

  private void ready(Sql within, FailingTasks failing, NoticeSnapshot notice, OutboxEvent event) {
    OutboxEvent.EndedRun run = event.ended();
    Failing ended = failing.remove(notice.id(), Objects.requireNonNull(event.taskId()), run.id());
    if (ended != null
        && notice.has(EventKind.RUN_RECOVERED)
        && ended.failures() >= notice.failuresToTell()) {
      tell(within, notice, event, EventKind.RUN_RECOVERED, ended);
    } else if (notice.has(EventKind.RUN_WARNINGS)
        // An answer tells them, too.
        && !notice.has(EventKind.RUN_READY)
        && !WarningCode.MINOR.containsAll(run.warnings())) {
      tell(within, notice, event, EventKind.RUN_WARNINGS, null);
    }
    if (notice.has(EventKind.RUN_READY)) {
      tell(within, notice, event, EventKind.RUN_READY, null);
    }
  }

  /** Adds a delivery or holds it back, and returns whether the notice has a channel for it. */
  private boolean tell(
      Sql within,
      NoticeSnapshot notice,
      OutboxEvent event,
      EventKind kind,
      @Nullable Failing state) {
    NoticeSnapshot.Target target = notice.target();
    if (!notice.settings().enabled()
        || !notice.settings().covers(event.task())
        || target == null
        || !target.isReady()) {
      return false;
    }
    Long run = event.runId();
    if (limits.take(within, notice, target)) {
      ChannelMessage message = messages.of(within, notice, target, event, kind, state);
      deliveries.add(within, notice.id(), target.id(), run, event.subject(), message);
    } else {
      limits.hold(within, notice, event.subject(), kind.code(), event.at(), run);
    }
    return true;
  }

  /** Tells what was held back of a notice; if that fails, others are not kept back by it. */
  private void summarize(UUID noticeId) {
    try {
      boolean _ = sql.inTurn(TURN, within -> summarize(within, noticeId), false);
    } catch (RuntimeException e) {
      if (Outage.isPassing(e)) {
        throw e;
      }
      LOG.errorf(e, "What is held back of the notice %s can't be told.", noticeId);
    }
  }

  private boolean summarize(Sql within, UUID noticeId) {
    HeldBack held = limits.heldBack(within, noticeId);
    if (held == null) {
      return false;
    }
    NoticeSnapshot notice = held.notice();
    NoticeSnapshot.Target target = notice.target();
    if (!notice.settings().enabled() || target == null || !target.isReady()) {
      limits.release(within, notice);
    } else if (limits.takeHeld(within, notice, target)) {
      deliveries.add(
          within,
          notice.id(),
          target.id(),
          held.deepestRun(),
          held.subject(),
          heldMessages.of(within, held, target));
      limits.release(within, notice);
    }
    return true;
  }
}
