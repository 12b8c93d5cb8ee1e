package dev.errand.app.boot;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import jakarta.enterprise.event.Event;
import java.util.concurrent.CountDownLatch;

/** The main class: prepares the environment of the service, then starts it. */
@QuarkusMain
public final class Errand {
  private static final String POLLER_MODE = "jdk.pollerMode";

  Errand() {}

  /**
   * Starts the service and stays until it is stopped; with {@code QUARKUS_INIT_AND_EXIT} it brings
   * the schema up to date and ends.
   */
  public static void main(String... args) {
    waitForSocketsOnPlatformThreads();
    CountDownLatch stopped = new CountDownLatch(1);
    boolean isForTheSchemaAlone = false;
    try {
      StartPreparation.prepare(stopped);
      isForTheSchemaAlone = StartPreparation.isForTheSchemaAlone();
    } catch (RuntimeException e) {
      System.err.println(StartFailure.describe(e));
      System.exit(1);
    }
    if (StartPreparation.isDevelopment()) {
      // Live reload stops and restarts the service by itself.
      try {
        Quarkus.run(Service.class, args);
      } finally {
        stopped.countDown();
      }
      return;
    }
    OpenApiOnRequest.renderNothingAtStart();
    Quarkus.run(
        // If the framework exits after Flyway, there is no container with the service.
        isForTheSchemaAlone ? null : Service.class,
        (code, problem) -> {
          stopped.countDown();
          if (problem != null) {
            System.err.println(StartFailure.describe(problem));
          }
          System.exit(code);
        },
        args);
  }

  /**
   * Makes the poller of sockets use platform threads. By default pollers are virtual threads, which
   * need a carrier: if pinned threads that wait for a socket hold all carriers, such as in a class
   * initialiser, nothing would wake them.
   */
  static void waitForSocketsOnPlatformThreads() {
    if (System.getProperty(POLLER_MODE) == null) {
      System.setProperty(POLLER_MODE, "1");
    }
  }

  /** The running service, from its first answer until it is stopped. */
  static final class Service implements QuarkusApplication {
    private final Event<ServiceStarted> started;

    Service(Event<ServiceStarted> started) {
      this.started = started;
    }

    @Override
    public int run(String... args) {
      started.fire(new ServiceStarted());
      Quarkus.waitForExit();
      return 0;
    }
  }
}
