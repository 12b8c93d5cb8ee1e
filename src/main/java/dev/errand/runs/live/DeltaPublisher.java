package dev.errand.runs.live;

import dev.errand.base.database.Sql;
import dev.errand.runs.queue.RunChanged;
import dev.errand.runs.queue.RunDelta;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Publishes a model's message to watchers piece by piece while the model writes it. Pieces are not
 * stored and may get lost; the entry with the whole message follows.
 */
@ApplicationScoped
public class DeltaPublisher {
  static final String CHANNEL = "errand_run_delta";

  private static final Logger LOG = Logger.getLogger(DeltaPublisher.class);
  private static final Duration BATCH = Duration.ofMillis(100);
  private static final int MOST_WAITING = 1_000_000;

  // Losing this commit does no harm, so it need not wait for the disk.
  private static final String NOTIFY =
      "SELECT set_config('synchronous_commit', 'off', true), pg_notify('"
          + CHANNEL
          + "', payload) FROM unnest(:payloads::text[]) WITH ORDINALITY AS piece(payload, number)"
          + " ORDER BY number";

  private final RunWatchers watchers;
  private final Sql sql;
  private final Map<Long, Waiting> waiting = new LinkedHashMap<>();
  private int characters;
  private boolean scheduled;

  DeltaPublisher(RunWatchers watchers, Sql sql) {
    this.watchers = watchers;
    this.sql = sql;
  }

  private static final class Waiting {
    private final StringBuilder text = new StringBuilder();
    private boolean restart;
  }

  /**
   * Publishes the next piece of the message that a model is writing. Watchers in this process get
   * it at once, those in other processes a tenth of a second later.
   */
  public void publish(long runId, String text) {
    publish(new RunDelta(runId, text, false));
  }

  /** Voids the pieces of the message so far, because the model is asked again. */
  public void restart(long runId) {
    publish(new RunDelta(runId, "", true));
  }

  /** Marks that the attempt at a run has ended in this process. */
  public void over(long runId) {
    watchers.stopped(runId);
  }

  // The entry has the whole message, so its unsent pieces are dropped.
  void drop(@Observes(during = TransactionPhase.AFTER_SUCCESS) RunChanged event) {
    synchronized (waiting) {
      Waiting dropped = waiting.remove(event.runId());
      if (dropped != null) {
        characters -= dropped.text.length();
      }
    }
  }

  private void publish(RunDelta delta) {
    watchers.wrote(delta);
    synchronized (waiting) {
      if (characters + delta.text().length() > MOST_WAITING) {
        return;
      }
      Waiting of = waiting.computeIfAbsent(delta.runId(), id -> new Waiting());
      if (delta.restart()) {
        characters -= of.text.length();
        of.text.setLength(0);
        of.restart = true;
      }
      of.text.append(delta.text());
      characters += delta.text().length();
      if (!scheduled) {
        scheduled = true;
        Thread.ofVirtual().name("run-deltas").start(this::send);
      }
    }
  }

  private void send() {
    try {
      Thread.sleep(BATCH);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    List<String> payloads = new ArrayList<>();
    synchronized (waiting) {
      scheduled = false;
      waiting.forEach(
          (runId, of) ->
              payloads.addAll(
                  new RunDelta(runId, of.text.toString(), of.restart).payloads(watchers.origin())));
      waiting.clear();
      characters = 0;
    }
    try {
      notify(payloads);
    } catch (RuntimeException e) {
      LOG.debugf("A model's text could not be published to other processes: %s", e.getMessage());
    }
  }

  private void notify(List<String> payloads) {
    if (payloads.isEmpty()) {
      return;
    }
    sql.statement(NOTIFY).with("payloads", "text", payloads).run();
  }
}
