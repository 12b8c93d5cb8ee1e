package dev.errand.runs.approval;

import dev.errand.base.background.DueBatches;
import dev.errand.base.background.PeriodicJobs;
import dev.errand.base.background.TickWork;
import dev.errand.base.database.DatabaseTime;
import dev.errand.base.database.Outage;
import dev.errand.runs.approval.ApprovalStore.Due;
import dev.errand.runs.approval.ApprovalStore.Expired;
import dev.errand.runs.event.EventKind;
import dev.errand.runs.queue.RunControl;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Ends questions about which nobody decided in time, and reminds persons of those with little time
 * left. Several processes may do so at the same time.
 */
@ApplicationScoped
class ApprovalTicker implements TickWork {
  private static final Logger LOG = Logger.getLogger(ApprovalTicker.class);
  // Nobody is given less than a minute to decide.
  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final int MOST_AT_ONCE = 100;

  private final ApprovalStore store;
  private final RunControl control;
  private final ApprovalEvents events;
  private final Event<ApprovalDecided> decided;
  private final Clock clock;
  // A tick whose time was up goes on there, so that some that fail slowly do not stop all others.
  private volatile Due last = Due.BEFORE_ALL;

  ApprovalTicker(
      ApprovalStore store,
      RunControl control,
      ApprovalEvents events,
      Event<ApprovalDecided> decided,
      @DatabaseTime Clock clock) {
    this.store = store;
    this.control = control;
    this.events = events;
    this.decided = decided;
    this.clock = clock;
  }

  void start(@Observes @Priority(Integer.MAX_VALUE - 890) StartupEvent event, PeriodicJobs jobs) {
    jobs.inLoop("approval-tick", INTERVAL, this::tick);
  }

  void tick() {
    work(LONGEST);
  }

  @Override
  public String name() {
    return "approvals that expire";
  }

  @Override
  public void work(Duration most) {
    long end = System.nanoTime() + most.toNanos();
    Instant now = clock.instant();
    List<Due> due;
    do {
      due = store.expired(now, last, MOST_AT_ONCE);
      for (Due each : due) {
        if (!DueBatches.goesOn(end)) {
          return;
        }
        last = each;
        end(each.id(), now);
      }
    } while (due.size() == MOST_AT_ONCE);
    last = Due.BEFORE_ALL;
    int _ =
        new DueBatches<ApprovalEvents.Question>(
                "approvals",
                MOST_AT_ONCE,
                (number, taken) ->
                    QuarkusTransaction.requiringNew().run(() -> remind(now, number, taken)),
                (question, why) -> notReminded(question.id(), now, why))
            .work(end);
  }

  // One that can't be ended leaves the others alone, until the next tick.
  private void end(UUID id, Instant now) {
    try {
      QuarkusTransaction.requiringNew().run(() -> expire(id, now));
    } catch (RuntimeException e) {
      if (Outage.isBehind(e)) {
        throw e;
      }
      LOG.errorf(e, "The approval %s could not be ended", id);
    }
  }

  private void expire(UUID id, Instant now) {
    store.lockRun(id);
    Optional<ApprovalEvents.Question> extended = store.extend(id, now);
    if (extended.isPresent()) {
      remind(List.of(extended.get()), now);
      return;
    }
    Optional<Expired> expired =
        store.expire(id, now, "Nobody decided in time (settings.approval_expiry).");
    if (expired.isPresent()) {
      ApprovalEvents.Question question = expired.get().question();
      control.wake(List.of(question.runId()));
      events.raise(EventKind.APPROVAL_EXPIRED, now, List.of(question));
      decided.fire(new ApprovalDecided(expired.get().status()));
    }
  }

  private void remind(Instant now, int most, List<ApprovalEvents.Question> due) {
    due.addAll(store.remind(now, most));
    if (!due.isEmpty()) {
      remind(due, now);
    }
  }

  // What is only crowded is tried again by the next tick.
  private void notReminded(UUID id, Instant now, RuntimeException why) {
    if (Outage.isPassing(why)) {
      throw why;
    }
    LOG.errorf(why, "Nobody could be reminded of the approval %s", id);
    QuarkusTransaction.requiringNew().run(() -> store.noteReminded(id, now));
  }

  private void remind(List<ApprovalEvents.Question> due, Instant now) {
    events.raise(EventKind.APPROVAL_EXPIRING, now, due);
  }
}
