package dev.errand.event;

import dev.errand.worker.Rescuer;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** Does what a process in loop mode does by the clock. */
@ApplicationScoped
class Ticks {
  private static final Logger LOG = Logger.getLogger(Ticks.class);

  private final Rescuer rescuer;

  Ticks(Rescuer rescuer) {
    this.rescuer = rescuer;
  }

  // One that fails keeps none of the others from being done; the next tick tries it again.
  void run() {
    each("rescue", rescuer::rescue);
  }

  private static void each(String what, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.warnf("A tick could not %s: %s", what, e.getMessage());
    }
  }
}
