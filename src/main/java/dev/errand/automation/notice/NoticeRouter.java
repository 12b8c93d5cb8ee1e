package dev.errand.automation.notice;

import dev.errand.automation.callback.DeliverySource;
import dev.errand.automation.callback.NoticeDeliveries;
import dev.errand.automation.channel.ChannelMessage;
import dev.errand.automation.notice.FailingTasks.Failing;
import dev.errand.base.database.Sql;
import dev.errand.models.port.WarningCode;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads what happened from the outbox, decides by the notices who is told of it, and adds the
 * deliveries, in one transaction: nothing is lost, and nothing is told twice. One process at a time
 * does so, since the order of a task's runs counts.
 */
@ApplicationScoped
public class NoticeRouter implements DeliverySource {
  private static final String ANY_WORK =
      "SELECT 1 WHERE EXISTS (SELECT FROM notice_event) OR EXISTS (SELECT FROM notice_held)";

  private static final String EVENTS =
      """
      SELECT e.id, e.profile_id, e.task_id, e.run_id, e.installation, e.event, e.happened_at,
        e.failures, e.details, account.username, profile.name AS profile, task.name AS task,
        run.name AS run, run.error_code, run.error_message, run.warnings
      FROM notice_event e LEFT JOIN profile ON profile.id = e.profile_id
        LEFT JOIN account ON account.id = profile.account_id
        LEFT JOIN task ON task.id = e.task_id AND task.deleted_at IS NULL
        LEFT JOIN run ON run.id = e.run_id
      ORDER BY e.id LIMIT :most
      """;

  private static final String REMOVE = "DELETE FROM notice_event WHERE id = ANY (:ids)";

  // The lock makes it wait for a notice that is just being removed.
  private static final String NOTICES =
      "SELECT "
          + Notice.COLUMNS
          + " FROM "
          + Notice.WITH_CHANNEL
          + """
          WHERE notice.profile_id = ANY (:profiles) ORDER BY notice.profile_id, notice.name
          FOR KEY SHARE OF notice
          """;

  private static final String TURN = "errand.notices";
  private static final int BATCH = 100;
  private static final int MOST_BATCHES = 1000;

  private final Sql sql;
  private final NoticeDeliveries deliveries;
  private final NoticeMessages messages;
  private final NoticeLimits limits;

  NoticeRouter(Sql sql, NoticeDeliveries deliveries, NoticeMessages messages, NoticeLimits limits) {
    this.sql = sql;
    this.deliveries = deliveries;
    this.messages = messages;
    this.limits = limits;
  }

  /** Decides on everything in the outbox, unless another process is doing so. */
  @Override
  public void addDeliveries() {
    int batches = 0;
    while (batches < MOST_BATCHES
        && sql.statement(ANY_WORK).exists()
        && sql.inTurn(TURN, this::routeSome, false)) {
      batches++;
    }
  }

  /** Decides on some events, and returns whether there may be more. */
  private boolean routeSome(Sql within) {
    limits.forget(within);
    summarize(within);
    List<UUID> profiles = new ArrayList<>();
    List<Long> ids = new ArrayList<>();
    List<OutboxEvent> events = new ArrayList<>();
    within
        .statement(EVENTS)
        .with("most", BATCH)
        .each(
            row -> {
              ids.add(row.number("id"));
              OutboxEvent event = OutboxEvent.of(row);
              if (event != null) {
                events.add(event);
                profiles.add(event.profileId());
              }
            });
    if (ids.isEmpty()) {
      return false;
    }
    Map<UUID, List<Notice>> notices =
        within.statement(NOTICES).with("profiles", "uuid", profiles).list(Notice::of).stream()
            .collect(Collectors.groupingBy(Notice::profileId));
    FailingTasks failing = new FailingTasks(within);
    for (OutboxEvent event : events) {
      for (Notice notice : notices.getOrDefault(event.profileId(), List.of())) {
        route(within, failing, notice, event);
      }
    }
    within.statement(REMOVE).with("ids", "bigint", ids).update();
    return ids.size() == BATCH;
  }

  private void route(Sql within, FailingTasks failing, Notice notice, OutboxEvent event) {
    switch (event.type()) {
      case "run.error" -> failed(within, failing, notice, event);
      case "run.ready" -> ready(within, failing, notice, event);
      default -> {
        if (notice.events().contains(event.type())) {
          tell(within, notice, event, event.type(), null);
        }
      }
    }
  }

  private void failed(Sql within, FailingTasks failing, Notice notice, OutboxEvent event) {
    if (!notice.enabled() || !notice.covers(event.task())) {
      return;
    }
    UUID task = Objects.requireNonNull(event.taskId());
    boolean counts =
        notice.has(NoticeEvent.RUN_ERRORS_IN_A_ROW) || notice.has(NoticeEvent.RUN_RECOVERED);
    Failing state =
        counts
            ? failing.add(notice.id(), task, event.at(), event.failures())
            : new Failing(event.at(), event.failures(), false);
    if (notice.has(NoticeEvent.RUN_ERRORS_IN_A_ROW)
        && !state.isTold()
        && state.failures() >= notice.errorsInARow()) {
      if (tell(within, notice, event, NoticeEvent.RUN_ERRORS_IN_A_ROW.code(), state)) {
        failing.told(notice.id(), task);
      }
    } else if (notice.has(NoticeEvent.RUN_ERROR)) {
      tell(within, notice, event, NoticeEvent.RUN_ERROR.code(), state);
    }
  }

  private void ready(Sql within, FailingTasks failing, Notice notice, OutboxEvent event) {
    Failing ended = failing.remove(notice.id(), Objects.requireNonNull(event.taskId()));
    OutboxEvent.EndedRun run = Objects.requireNonNull(event.run());
    if (ended != null
        && notice.has(NoticeEvent.RUN_RECOVERED)
        && ended.failures() >= notice.failuresToTell()) {
      tell(within, notice, event, NoticeEvent.RUN_RECOVERED.code(), ended);
    } else if (notice.has(NoticeEvent.RUN_WARNINGS)
        && !WarningCode.OVERCOME.containsAll(run.warnings())) {
      tell(within, notice, event, NoticeEvent.RUN_WARNINGS.code(), null);
    }
  }

  /** Adds a delivery or holds it back, and returns whether the notice has a channel for it. */
  private boolean tell(
      Sql within, Notice notice, OutboxEvent event, String type, @Nullable Failing state) {
    Notice.Target target = notice.target();
    if (!notice.enabled() || !notice.covers(event.task()) || target == null || !target.isReady()) {
      return false;
    }
    Long run = event.run() == null ? null : event.run().id();
    if (limits.take(within, notice, target)) {
      ChannelMessage message = messages.of(within, notice, target, event, type, state);
      deliveries.add(within, notice.id(), target.id(), run, event.at(), message);
    } else {
      limits.hold(within, notice, event.subject(), type, event.at(), run);
    }
    return true;
  }

  /** Tells what was held back, where the hour allows it by now. */
  private void summarize(Sql within) {
    for (HeldBack held : limits.heldBack(within)) {
      Notice notice = held.notice();
      Notice.Target target = notice.target();
      if (!notice.enabled() || target == null || !target.isReady()) {
        limits.release(within, notice);
      } else if (limits.takeHeld(within, notice, target)) {
        Instant last =
            held.lines().stream().map(HeldBack.Line::lastAt).max(Instant::compareTo).orElseThrow();
        deliveries.add(
            within,
            notice.id(),
            target.id(),
            held.deepestRun(),
            last,
            messages.ofHeld(held, target));
        limits.release(within, notice);
      }
    }
  }
}
