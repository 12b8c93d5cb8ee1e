package dev.errand.runs.queue;

import dev.errand.base.database.Outage;
import dev.errand.base.database.Sql;
import dev.errand.runs.task.SettingsReplaced;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Updates the slots of tasks after the commits that have changed them. */
@ApplicationScoped
class SlotUpdates {
  private static final Logger LOG = Logger.getLogger(SlotUpdates.class);

  private final TaskSlots slots;

  SlotUpdates(TaskSlots slots) {
    this.slots = slots;
  }

  void on(@Observes(during = TransactionPhase.AFTER_SUCCESS) SlotsChanged change) {
    settle(change.taskIds());
  }

  // Its concurrency may have changed.
  void on(@Observes(during = TransactionPhase.AFTER_SUCCESS) SettingsReplaced task) {
    settle(Set.of(task.taskId()));
  }

  private void settle(Set<UUID> tasks) {
    if (!Sql.isInTransaction()) {
      trySettling(tasks);
    } else {
      // The ending transaction may still hold its connection: waiting for a second one here could
      // exhaust the pool.
      Thread.ofVirtual().name("slots").start(() -> trySettling(tasks));
    }
  }

  private void trySettling(Set<UUID> tasks) {
    try {
      int _ = slots.settle(tasks);
    } catch (RuntimeException e) {
      // The change itself is committed; a repair updates the slots.
      if (!Outage.isPassing(e)) {
        LOG.errorf(e, "The slots of %d tasks could not be updated", tasks.size());
      }
    }
  }
}
