package dev.errand.runs.rate;

import dev.errand.base.background.Batcher;
import dev.errand.base.background.DueBatches;
import dev.errand.base.database.Outage;
import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlScript;
import dev.errand.base.database.SqlStatement;
import dev.errand.models.port.Assignment;
import dev.errand.models.port.Pace.RateLimits;
import dev.errand.runs.queue.Claim;
import dev.errand.runs.queue.SlotsChanged;
import dev.errand.runs.rate.KnownRates.Lesson;
import dev.errand.runs.rate.RateIds.Ids;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.event.Event;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Gives requests their places in the rate of a key, in the database, so that all processes together
 * keep it, and calls the runs that wait: user by user, and within each profile by profile.
 */
@Singleton
public class RateLine {
  private static final Logger LOG = Logger.getLogger(RateLine.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);
  private static final int LARGEST_BATCH = 100;
  private static final int CALLED_AT_ONCE = 500;

  private final Sql sql;
  private final RateIds ids;
  private final KnownRates known;
  private final Event<SlotsChanged> slots;
  private final Event<RateWaited> waited;
  private final Event<RateRefused> refused;
  private final Batcher<EndedCall> ends =
      new Batcher<>("rate-ends", 1, LARGEST_BATCH, this::endAll);
  private final Batcher<RateId> calls =
      new Batcher<>("rate-calls", 1, LARGEST_BATCH, this::callAll);

  RateLine(
      Sql sql,
      RateIds ids,
      KnownRates known,
      Event<SlotsChanged> slots,
      Event<RateWaited> waited,
      Event<RateRefused> refused) {
    this.sql = sql;
    this.ids = ids;
    this.known = known;
    this.slots = slots;
    this.waited = waited;
    this.refused = refused;
  }

  /** When a claimed run may ask its model. */
  public RunPace of(Claim claim) {
    return new RunPace(this, known, claim);
  }

  Ids ids(Assignment assignment) {
    return ids.of(assignment);
  }

  /**
   * What became of a request for a place.
   *
   * @param goes whether it has one; otherwise the run waits
   * @param in after which time it may be sent
   * @param holds whether its end must be told
   * @param othersWait whether other runs wait for the key
   * @param until when the turn of a run that waits may come
   */
  record Place(boolean goes, Duration in, boolean holds, boolean othersWait, Instant until) {}

  /**
   * Takes the next place of a request, or has the run join the line.
   *
   * @param call tells it from the others of the run
   * @param provider the one whose rate holds; null for none
   */
  Place take(Claim claim, long call, Ids of, @Nullable UUID provider, long tokens)
      throws InterruptedException {
    Place place =
        Outage.outlast(
            PATIENCE,
            () -> {
              List<Place> taken = new ArrayList<>();
              sql.script()
                  .then(sql.statement(RateStatements.OPEN).with("open_id", of.key().digest()))
                  .then(sql.statement(RateStatements.LOCK).with("lock_id", of.key().digest()))
                  .then(
                      sql.statement(RateStatements.TAKE)
                          .with("run", claim.runId())
                          .with("attempt", claim.attempt())
                          .with("call", call)
                          .with("owner", claim.ownerId())
                          .with("profile", claim.profileId())
                          .with("key", of.key().digest())
                          .with("model", of.model().digest())
                          .with("provider", provider)
                          .with("tokens", tokens),
                      row ->
                          taken.add(
                              new Place(
                                  row.flag("goes"),
                                  Duration.ofMillis(row.number("in_ms")),
                                  row.flag("holds"),
                                  row.flag("others_wait"),
                                  row.time("until"))))
                  .run();
              return taken.getFirst();
            });
    if (place.goes() && place.othersWait()) {
      // The next ones get ready while this one is answered.
      calls.add(of.key());
    }
    if (!place.goes()) {
      waited.fire(new RateWaited());
    }
    return place;
  }

  /**
   * The end of a request.
   *
   * @param used the tokens that it used; null where that is not known
   */
  record EndedCall(long runId, long call, @Nullable Long used) {}

  /** Has what a request holds given back. */
  void end(EndedCall call) {
    ends.add(call);
  }

  private void endAll(List<EndedCall> ended) {
    List<RateId> waiting = new ArrayList<>();
    try {
      sql.script()
          .then(
              sql.statement(RateStatements.LOCK_ENDED)
                  .with("lock_runs", "bigint", ended, EndedCall::runId))
          .then(
              sql.statement(RateStatements.END)
                  .with("runs", "bigint", ended, EndedCall::runId)
                  .with("calls", "bigint", ended, EndedCall::call)
                  .with("used", "bigint", ended, EndedCall::used),
              row -> waiting.add(new RateId(row.bytes("rate_id"))))
          .run();
    } catch (RuntimeException e) {
      // A tick finds what is held by attempts that have ended.
      LOG.warnf(
          "The ends of %d requests to models were not noted: %s", ended.size(), e.getMessage());
    }
    waiting.forEach(calls::add);
  }

  private void callAll(List<RateId> keys) {
    for (RateId key : new LinkedHashSet<>(keys)) {
      try {
        call(key, false);
      } catch (RuntimeException e) {
        LOG.debugf("Runs that wait for a rate are called by the next tick: %s", e.getMessage());
      }
    }
  }

  /** Calls the runs whose turn it is, of all keys. */
  void callDue(long end) {
    for (RateId key :
        sql.statement(RateStatements.LINES).list(row -> new RateId(row.bytes("id")))) {
      if (!DueBatches.goesOn(end)) {
        return;
      }
      try {
        call(key, true);
      } catch (RuntimeException e) {
        // Those of other keys don't wait for it.
        LOG.warnf("Runs that wait for a rate are called later: %s", e.getMessage());
      }
    }
  }

  private void call(RateId key, boolean isTick) {
    Set<UUID> tasks = new HashSet<>();
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              boolean isLocked =
                  isTick
                      ? sql.statement(RateStatements.LOCK_FREE).with("id", key.digest()).exists()
                      : sql.statement(RateStatements.LOCK).with("lock_id", key.digest()).exists();
              if (isLocked) {
                calling(key, tasks).run();
              }
            });
    if (!tasks.isEmpty()) {
      slots.fire(new SlotsChanged(tasks));
    }
  }

  private SqlScript calling(RateId key, Set<UUID> tasks) {
    return sql.script()
        .then(sql.statement(RateStatements.CLEAN).with("clean_id", key.digest()))
        .then(sql.statement(RateStatements.SWEEP).with("sweep_id", key.digest()))
        .then(
            sql.statement(RateStatements.CALL)
                .with("id", key.digest())
                .with("most", CALLED_AT_ONCE),
            row -> tasks.add(row.id("task_id")));
  }

  /**
   * Has all who use a model with the key of a refused request wait.
   *
   * @param asked how long the server asks to wait; null where it does not say
   * @param limits what it says of its limits; null for nothing
   */
  void pause(RateId model, @Nullable Duration asked, @Nullable RateLimits limits) {
    Duration wait = asked == null ? null : bounded(asked);
    Duration learned = limits == null ? null : lasting(limits);
    note(
        model,
        sql.statement(RateStatements.REFUSED)
            .with("id", model.digest())
            .with("asked_ms", wait == null ? null : (Long) wait.toMillis())
            .with("per_request", perRequest(limits))
            .with("per_token", limits == null ? null : limits.perToken())
            .with("learned_ms", learned == null ? null : (Long) learned.toMillis()));
    refused.fire(new RateRefused());
  }

  /** Has all who use a model with a key keep to the limits that its server has told. */
  void learn(RateId model, RateLimits limits) {
    note(
        model,
        sql.statement(RateStatements.LEARNED)
            .with("id", model.digest())
            .with("per_request", perRequest(limits))
            .with("per_token", limits.perToken())
            .with("learned_ms", lasting(limits).toMillis()));
  }

  private void note(RateId model, SqlStatement change) {
    List<Lesson> lessons = new ArrayList<>();
    sql.script()
        .then(change)
        .then(
            sql.statement(RateStatements.ACTIVE).with("active_id", model.digest()),
            row ->
                lessons.add(
                    new Lesson(
                        Duration.ofMillis(row.number("left_ms")), row.flag("counts_tokens"))))
        .run();
    lessons.forEach(lesson -> known.learned(model, lesson));
  }

  private static @Nullable Double perRequest(@Nullable RateLimits limits) {
    Duration each = limits == null ? null : limits.perRequest();
    return each == null ? null : each.toNanos() / 1e9;
  }

  private static Duration lasting(RateLimits limits) {
    Duration bounded = bounded(limits.until());
    return bounded.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : bounded;
  }

  private static Duration bounded(Duration time) {
    return time.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : time;
  }

  /** How many runs wait, or are called and have not asked yet. */
  public long waiting() {
    return sql.statement(RateStatements.WAITING).one(row -> row.number("runs"));
  }

  /** Removes what has not been used for an hour. */
  public void forget() {
    sql.statement(RateStatements.FORGET).run();
  }
}
