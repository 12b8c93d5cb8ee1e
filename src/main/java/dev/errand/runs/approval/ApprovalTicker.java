package dev.errand.runs.approval;

import dev.errand.base.background.TickWork;
import dev.errand.base.database.DatabaseTime;
import dev.errand.base.database.Outage;
import dev.errand.runs.approval.ApprovalStore.Expired;
import dev.errand.runs.queue.RunControl;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final int MOST_AT_ONCE = 100;

  private final ApprovalStore store;
  private final RunControl control;
  private final Event<ApprovalChanged> changed;
  private final Event<ApprovalDecided> decided;
  private final Clock clock;

  ApprovalTicker(
      ApprovalStore store,
      RunControl control,
      Event<ApprovalChanged> changed,
      Event<ApprovalDecided> decided,
      @DatabaseTime Clock clock) {
    this.store = store;
    this.control = control;
    this.changed = changed;
    this.decided = decided;
    this.clock = clock;
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
    List<UUID> due;
    int ended;
    do {
      ended = 0;
      due = store.expired(now, MOST_AT_ONCE);
      for (UUID id : due) {
        if (!goesOn(end)) {
          return;
        }
        ended += isExpired(id, now) ? 1 : 0;
      }
    } while (due.size() == MOST_AT_ONCE && ended > 0);
    int reminded;
    do {
      reminded = remind(now, MOST_AT_ONCE);
    } while (reminded == MOST_AT_ONCE && goesOn(end));
  }

  // One that can't be ended leaves the others alone.
  private boolean isExpired(UUID id, Instant now) {
    try {
      QuarkusTransaction.requiringNew().run(() -> expire(id, now));
      return true;
    } catch (RuntimeException e) {
      LOG.errorf(e, "The approval %s could not be ended", id);
      return false;
    }
  }

  private void expire(UUID id, Instant now) {
    store.lockRun(id);
    Optional<ApprovalChanged.Question> extended = store.extend(id, now);
    if (extended.isPresent()) {
      remind(List.of(extended.get()), now);
      return;
    }
    Optional<Expired> expired =
        store.expire(id, now, "Nobody decided in time (settings.approval_expiry).");
    if (expired.isPresent()) {
      ApprovalChanged.Question question = expired.get().question();
      control.wake(List.of(question.runId()));
      changed.fire(new ApprovalChanged(ApprovalChanged.Kind.EXPIRED, now, List.of(question)));
      decided.fire(new ApprovalDecided(expired.get().status()));
    }
  }

  /**
   * Reminds of a number of questions in one transaction. If that fails, it is done one by one, and
   * nobody is reminded of the one that fails.
   */
  private int remind(Instant now, int most) {
    List<ApprovalChanged.Question> due = new ArrayList<>();
    try {
      QuarkusTransaction.requiringNew()
          .run(
              () -> {
                due.addAll(store.remind(now, most));
                if (!due.isEmpty()) {
                  remind(due, now);
                }
              });
      return due.size();
    } catch (RuntimeException e) {
      if (due.isEmpty() || Outage.isPassing(e)) {
        throw e;
      }
      if (due.size() == 1) {
        UUID id = due.getFirst().id();
        LOG.errorf(e, "Nobody could be reminded of the approval %s", id);
        QuarkusTransaction.requiringNew().run(() -> store.noteReminded(id, now));
        return 1;
      }
      return due.stream()
          .takeWhile(_ -> goesOn(Long.MAX_VALUE))
          .mapToInt(_ -> remind(now, 1))
          .sum();
    }
  }

  private void remind(List<ApprovalChanged.Question> due, Instant now) {
    changed.fire(new ApprovalChanged(ApprovalChanged.Kind.EXPIRING, now, due));
  }

  // A stopping process interrupts its tick.
  private static boolean goesOn(long end) {
    return System.nanoTime() < end && !Thread.currentThread().isInterrupted();
  }
}
