package dev.errand.boot;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.concurrent.CountDownLatch;

/** Where the process begins: first the ground that the service stands on, then the service. */
@QuarkusMain
public final class Errand {
  Errand() {}

  /** Starts the service and stays until it is stopped. */
  public static void main(String... args) {
    CountDownLatch stopped = new CountDownLatch(1);
    try {
      Ground.prepare(stopped);
    } catch (StartException e) {
      System.err.println("Errand can't start. " + e.getMessage());
      System.exit(1);
    }
    if (Ground.isDevelopment()) {
      // Live reload has a way of its own to end and to begin again.
      Quarkus.run(args);
      return;
    }
    Quarkus.run(
        null,
        (code, problem) -> {
          stopped.countDown();
          System.exit(code);
        },
        args);
  }
}
