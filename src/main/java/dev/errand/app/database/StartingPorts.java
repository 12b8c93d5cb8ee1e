package dev.errand.app.database;

import io.quarkus.runtime.LaunchMode;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/**
 * Answers on the ports of the service while a start waits for the database or migrates, until the
 * framework opens them. A start with little to migrate does not open them.
 */
@Singleton
class StartingPorts implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(StartingPorts.class);
  private static final Duration LITTLE = Duration.ofMillis(500);

  private final Config config;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<MigratingAnswers> open = new ArrayList<>();
  private final AtomicBoolean reached = new AtomicBoolean();

  StartingPorts(Config config) {
    this.config = config;
  }

  /** Starts to answer after a moment, unless the process is not going to serve requests. */
  void answerSoon() {
    boolean isForTheSchemaAlone =
        config.getOptionalValue("quarkus.init-and-exit", Boolean.class).orElse(false);
    if (LaunchMode.current() == LaunchMode.NORMAL && !isForTheSchemaAlone) {
      Thread.ofVirtual().name("starting-ports").start(this::answer);
    }
  }

  /** The database has answered: the start now waits for the schema. */
  synchronized void reached() {
    if (!reached.getAndSet(true) && !open.isEmpty()) {
      logWait();
    }
  }

  @Override
  public synchronized void close() {
    closed.countDown();
    open.forEach(MigratingAnswers::close);
    open.clear();
  }

  private void answer() {
    try {
      if (!closed.await(LITTLE.toMillis(), TimeUnit.MILLISECONDS)) {
        open();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void open() {
    if (closed.getCount() == 0) {
      return;
    }
    for (ServicePort port : ServicePort.of(config)) {
      MigratingAnswers.at(port.address(), port.hasProbes(), reached::get).ifPresent(open::add);
    }
    logWait();
  }

  private void logWait() {
    LOG.info(
        reached.get()
            ? "The schema is being migrated; until then, the ports only answer probes."
            : "The database has not answered yet; until then, the ports only answer probes.");
  }
}
