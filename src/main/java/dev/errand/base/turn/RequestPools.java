package dev.errand.base.turn;

import dev.errand.base.http.ClientPresence;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;

/** The pools for work of requests that takes long: what computes here, and what searches. */
@Singleton
public class RequestPools {
  private static final int LEAST_THREADS = 2;

  // It is the database that searches, on cores that all processes share.
  private static final int SEARCHES = 2;

  private final FairPool compute;
  private final FairPool search;
  private final Duration longest;

  RequestPools(ComputeConfig config, ClientPresence clients) {
    // Not static: a native executable would have the number of the machine that built it.
    int cores = Runtime.getRuntime().availableProcessors();
    this.longest = config.longest();
    this.compute =
        new FairPool(
            "compute",
            new FairPool.Limits(
                config.threads().orElse(Math.max(LEAST_THREADS, cores - 1)),
                config.perUser(),
                config.patience(),
                config.longest()),
            clients::onDeparture);
    this.search =
        new FairPool(
            "search",
            // The database itself ends a statement of a search before.
            new FairPool.Limits(
                SEARCHES, config.perUser(), config.patience(), longest.multipliedBy(2)),
            clients::onDeparture);
  }

  /** The pool for what keeps a core busy; it holds no connection to the database meanwhile. */
  public FairPool compute() {
    return compute;
  }

  /** The pool for what keeps the database busy. */
  public FairPool search() {
    return search;
  }

  /** How long a turn takes at most, and several of one request together. */
  public Duration longest() {
    return longest;
  }

  public List<FairPool> all() {
    return List.of(compute, search);
  }

  // The server waits for open requests, and others may as well be answered by another process.
  void leave(@Observes ShutdownDelayInitiatedEvent event) {
    all().forEach(FairPool::leave);
  }

  void stop(@Observes ShutdownEvent event) {
    all().forEach(FairPool::close);
  }
}
