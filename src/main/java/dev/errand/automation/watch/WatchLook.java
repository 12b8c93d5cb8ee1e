package dev.errand.automation.watch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.automation.schedule.calendar.EnglishFormat;
import dev.errand.automation.watch.WatchState.Miss;
import dev.errand.base.json.Durations;
import dev.errand.runs.event.EventKind;
import dev.errand.runs.event.TaskEvent;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A look at a condition of a watch: what it leaves, and what is told.
 *
 * @param next the condition as it is left; null where it is no longer expected
 * @param dueAt when it is looked at again
 * @param event what happened; null where nothing changed
 */
record WatchLook(@Nullable WatchState next, Instant dueAt, @Nullable TaskEvent event) {
  /** How soon a condition is looked at again that has no time of its own at which it is missed. */
  static final Duration SOON = Duration.ofMinutes(1);

  /**
   * No condition is looked at less often, so that one is not left alone for long after the clock
   * was set back, and a ready run is seen before it is removed.
   */
  static final Duration LATEST = Duration.ofHours(1);

  private static final String CONDITION = "condition";
  private static final String EXPECTED = "expected";
  private static final String SINCE = "since";
  private static final String REASON = "reason";
  private static final String RUN = "run";
  private static final String ERRORS = "errors_in_a_row";
  private static final int COUNTED = 100;

  /** What a look at a condition finds now. */
  static WatchLook at(WatchState state, WatchFacts facts, Instant now) {
    String wanted = facts.wanted();
    Miss missed = state.miss();
    if (facts.isDeleted()) {
      return new WatchLook(null, now, null);
    }
    if (wanted == null) {
      return new WatchLook(
          null,
          now,
          missed == null ? null : recovered(state, missed, now, "It is no longer expected."));
    }
    TaskEvent withdrawn = null;
    WatchState current = state;
    if (!wanted.equals(state.expected())) {
      current = state.anew(wanted, now);
      withdrawn =
          missed == null
              ? null
              : recovered(
                  state, missed, now, "Something else is expected since the watch was changed.");
    }
    if (!facts.isExpected()) {
      return unexpected(current.countedSince(null, false), facts, now, withdrawn);
    }
    Instant since = current.since();
    boolean begins = since == null;
    // The clock may have been set back.
    WatchState counted =
        current.countedSince(
            begins ? now : Collections.min(List.of(Objects.requireNonNull(since), now)),
            !begins && current.forgiven());
    if (withdrawn != null) {
      // Its first period has just begun, so nothing else is to be told.
      return new WatchLook(counted, now.plus(SOON), withdrawn);
    }
    try {
      return new Condition(counted, wanted, facts, now).look();
    } catch (ArithmeticException | DateTimeException | NumberFormatException _) {
      // Another version stored it, and looks at it.
      return new WatchLook(state, now.plus(SOON), null);
    }
  }

  // Nothing is missed, and what happens meanwhile does not count. A run that somebody starts by
  // hand ends what was missed before.
  private static WatchLook unexpected(
      WatchState state, WatchFacts facts, Instant now, @Nullable TaskEvent withdrawn) {
    Miss missed = state.miss();
    Instant readyAt = facts.readyAt();
    return missed == null
            || state.condition() == WatchCondition.ENDS_WITHIN
            || !isAfter(readyAt, missed, now)
        ? new WatchLook(state, now.plus(SOON), withdrawn)
        : new WatchLook(
            state.with(null), now.plus(SOON), recovered(state, missed, now, becameReady(readyAt)));
  }

  private static boolean isAfter(@Nullable Instant readyAt, Miss missed, Instant now) {
    return readyAt != null && readyAt.isAfter(Collections.min(List.of(missed.notedAt(), now)));
  }

  private static String becameReady(@Nullable Instant readyAt) {
    return "A run was done at " + time(Objects.requireNonNull(readyAt)) + ".";
  }

  /** A condition that is expected, with what it is compared to. */
  private record Condition(WatchState state, String wanted, WatchFacts facts, Instant now) {

    WatchLook look() {
      return switch (state.condition()) {
        case READY_EVERY -> readyEvery(Duration.parse(wanted));
        case ENDS_WITHIN -> endsWithin(Duration.parse(wanted));
        case ERRORS_IN_A_ROW -> errorsInARow(Integer.parseInt(wanted));
      };
    }

    private Instant since() {
      return Objects.requireNonNull(state.since());
    }

    private WatchLook readyEvery(Duration period) {
      Instant readyAt = facts.readyAt();
      Instant firstReadyAt = facts.firstReadyAt();
      if (state.miss() == null
          && firstReadyAt != null
          && firstReadyAt.isAfter(since().plus(period).plus(SOON))) {
        return metTooLate(period, since().plus(period), firstReadyAt);
      }
      WatchState counted =
          readyAt != null && readyAt.isAfter(since()) ? state.countedSince(readyAt, false) : state;
      Instant since = Objects.requireNonNull(counted.since());
      Instant end = since.plus(period);
      if (state.miss() != null) {
        return untilReady(counted, state.miss(), end);
      }
      if (end.isAfter(now)) {
        return new WatchLook(counted, soonest(end), null);
      }
      return missed(
          counted,
          end,
          "No run was done within %s, since %s.".formatted(Durations.words(period), time(since)),
          fields());
    }

    // Nothing looked at the end of the period, and a late run was quicker than this look. The next
    // look, which follows at once, tells that it has recovered.
    private WatchLook metTooLate(Duration period, Instant end, Instant firstReadyAt) {
      WatchLook missed =
          missed(
              state,
              end,
              "No run was done within %s, since %s; one was at %s."
                  .formatted(Durations.words(period), time(since()), time(firstReadyAt)),
              fields());
      WatchState next = Objects.requireNonNull(missed.next());
      Miss miss = Objects.requireNonNull(next.miss());
      return new WatchLook(
          next.with(new Miss(end, miss.since(), miss.sentence())), now, missed.event());
    }

    private WatchLook endsWithin(Duration most) {
      Miss missed = state.miss();
      Instant due = facts.dueAt();
      if (due == null) {
        return met(state.countedSince(since(), false), missed, now.plus(most));
      }
      Instant end = Collections.max(List.of(due, since())).plus(most);
      if (end.isAfter(now)) {
        return met(
            due.isAfter(since()) ? state.countedSince(since(), false) : state,
            missed,
            Collections.min(List.of(end, now.plus(most))));
      }
      String run = Objects.requireNonNull(facts.live());
      String sentence =
          "The run %s, due at %s, has not ended within %s."
              .formatted(run, time(due), Durations.words(most));
      return missed == null
          ? missed(state, end, sentence, fields().put(RUN, run))
          : still(state, missed, sentence);
    }

    private WatchLook met(WatchState met, @Nullable Miss missed, Instant next) {
      return missed == null
          ? new WatchLook(met, soonest(next), null)
          : new WatchLook(
              met.with(null), soonest(next), recovered(state, missed, now, "No run is late now."));
    }

    private WatchLook errorsInARow(int most) {
      Miss missed = state.miss();
      if (facts.errors() < most) {
        return missed == null
            ? new WatchLook(state, now.plus(SOON), null)
            : untilReady(state, missed, now.plus(SOON));
      }
      String run = Objects.requireNonNull(facts.lastError());
      Instant first = Objects.requireNonNull(facts.errorsSince());
      String sentence =
          "%s in a row failed, the first at %s; the last one is %s."
              .formatted(runs(facts.errors()), time(first), run);
      return missed == null
          ? missed(state, first, sentence, fields().put(RUN, run).put(ERRORS, facts.errors()))
          : still(state, missed, sentence);
    }

    private static String runs(int number) {
      return number == 1 ? "1 run" : (number < COUNTED ? "" : "At least ") + number + " runs";
    }

    // Nothing but a ready run ends it: not a pause, nor that failed runs were removed.
    private WatchLook untilReady(WatchState counted, Miss missed, Instant next) {
      Instant readyAt = facts.readyAt();
      if (!isAfter(readyAt, missed, now)) {
        return still(counted, missed, missed.sentence());
      }
      return new WatchLook(
          counted.with(null), soonest(next), recovered(state, missed, now, becameReady(readyAt)));
    }

    private WatchLook still(WatchState counted, Miss missed, String sentence) {
      return new WatchLook(
          counted.with(
              new Miss(Collections.min(List.of(missed.notedAt(), now)), missed.since(), sentence)),
          now.plus(SOON),
          null);
    }

    private WatchLook missed(
        WatchState counted, Instant missedSince, String sentence, ObjectNode details) {
      return new WatchLook(
          counted.with(new Miss(now, missedSince, sentence)),
          now.plus(SOON),
          event(state, EventKind.WATCH_MISSED, now, missedSince, sentence, details));
    }

    private Instant soonest(Instant time) {
      return Collections.min(List.of(time, now.plus(LATEST)));
    }
  }

  private static ObjectNode fields() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static TaskEvent recovered(WatchState state, Miss missed, Instant now, String sentence) {
    return event(state, EventKind.WATCH_RECOVERED, now, missed.since(), sentence, fields());
  }

  private static TaskEvent event(
      WatchState state,
      EventKind kind,
      Instant now,
      Instant missedSince,
      String sentence,
      ObjectNode more) {
    ObjectNode details =
        fields()
            .put(CONDITION, state.condition().code())
            .put(EXPECTED, state.expected())
            .put(SINCE, missedSince.toString())
            .put(REASON, sentence);
    details.setAll(more);
    return new TaskEvent(state.taskId(), kind, now, details);
  }

  private static String time(Instant time) {
    return EnglishFormat.time(time, ZoneOffset.UTC) + " UTC";
  }
}
