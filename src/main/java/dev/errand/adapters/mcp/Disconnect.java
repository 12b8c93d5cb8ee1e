package dev.errand.adapters.mcp;

import java.util.function.Consumer;

/** Interrupts the thread of a call when its client disconnects, unless the call has ended. */
final class Disconnect implements AutoCloseable {
  private final Thread calling = Thread.currentThread();
  private boolean over;

  /**
   * Starts to watch the client of a call that this thread performs.
   *
   * @param gone receives the action to be run when the client disconnects
   */
  static Disconnect watch(Consumer<Runnable> gone) {
    Disconnect disconnect = new Disconnect();
    gone.accept(disconnect::happened);
    return disconnect;
  }

  private synchronized void happened() {
    if (!over) {
      calling.interrupt();
    }
  }

  @Override
  public synchronized void close() {
    over = true;
  }
}
