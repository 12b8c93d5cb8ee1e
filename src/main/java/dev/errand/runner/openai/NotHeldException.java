package dev.errand.runner.openai;

import java.io.IOException;

/** A request that was not sent, because its run is no longer held by this worker. */
final class NotHeldException extends IOException {
  private static final long serialVersionUID = 1L;

  NotHeldException() {
    super("The run is no longer held here.");
  }
}
