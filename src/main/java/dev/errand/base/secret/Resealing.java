package dev.errand.base.secret;

import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Column;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reseals values of former master keys with the newest one, and those that are sent to a server for
 * their server, in batches, each in its own transaction, while the service keeps working. Any
 * process may continue it; values that are already resealed are skipped. It waits while a process
 * does not have the newest key, or is of a version that seals for no server, since that process
 * could not open the resealed values.
 */
@ApplicationScoped
public class Resealing {
  private static final Logger LOG = Logger.getLogger(Resealing.class);

  private static final String LOCK = "errand.resealing";
  private static final String FIRST_PLACE = "(0,0)";

  private static final String FIND =
      "SELECT key_id, total, done, failed, started_at, finished_at FROM resealing";

  private static final String START =
      """
      INSERT INTO resealing (id, key_id, total, done, failed, started_at)
      VALUES (1, :key_id, :total, 0, 0, :now)
      ON CONFLICT (id) DO UPDATE SET key_id = excluded.key_id, total = excluded.total, done = 0,
        failed = 0, started_at = excluded.started_at, finished_at = NULL
      WHERE resealing.finished_at IS NOT NULL OR resealing.key_id <> excluded.key_id
      """;

  private static final String ADD_DONE = "UPDATE resealing SET done = done + :done";

  private static final String FINISH =
      "UPDATE resealing SET finished_at = :now, failed = :failed WHERE finished_at IS NULL";

  private final Sql sql;
  private final SecretBox box;
  private final MasterKeyCanary canary;
  private final ServerSecrets secrets;
  private final KeyHolders holders;
  private final Clock clock;

  public Resealing(
      Sql sql,
      SecretBox box,
      MasterKeyCanary canary,
      ServerSecrets secrets,
      KeyHolders holders,
      Clock clock) {
    this.sql = sql;
    this.box = box;
    this.canary = canary;
    this.secrets = secrets;
    this.holders = holders;
    this.clock = clock;
  }

  private record StoredStatus(String keyId, ResealStatus status) {
    static StoredStatus of(Row row) {
      return new StoredStatus(
          row.text("key_id"),
          new ResealStatus(
              row.number("total"),
              row.number("done"),
              row.number("failed"),
              row.time("started_at"),
              row.timeOrNull("finished_at"),
              0,
              false,
              false));
    }
  }

  /** Starts it, unless it is under way. */
  public void start() {
    sql.statement(START)
        .with("key_id", box.newestKeyId())
        .with("total", others().waiting())
        .with("now", clock.instant())
        .run();
  }

  /** How far it has come. */
  public ResealStatus status() {
    Others others = others();
    long lacking = lacking();
    boolean mayDrop = others.foreign() == 0 && lacking == 0;
    return kept()
        .map(StoredStatus::status)
        .map(
            kept ->
                new ResealStatus(
                    kept.total(),
                    kept.done(),
                    kept.failed() + others.lost(),
                    kept.startedAt(),
                    kept.finishedAt(),
                    lacking,
                    mayDrop,
                    canary.isBound()))
        .orElseGet(
            () ->
                new ResealStatus(
                    others.waiting(),
                    0,
                    others.lost(),
                    null,
                    null,
                    lacking,
                    mayDrop,
                    canary.isBound()));
  }

  /** Logs a warning if resealing was started and keys that it needs are no longer configured. */
  public void warnOfLostKeys() {
    boolean goesOn = kept().filter(kept -> kept.status.finishedAt() == null).isPresent();
    long lost = goesOn ? others().lost() : 0;
    if (lost > 0) {
      LOG.warnf(
          "%d values are sealed with a key that is named neither in ERRAND_SECRET_KEY nor in"
              + " ERRAND_SECRET_PREVIOUS_KEYS: name the former key there until"
              + " GET /api/admin/reseal says that it may be dropped.",
          lost);
    }
  }

  private long lacking() {
    return holders.lacking(List.of(box.newestKeyId(), SecretBox.FORMS));
  }

  private Optional<StoredStatus> kept() {
    return sql.statement(FIND).first(StoredStatus::of);
  }

  /**
   * Values that have to be sealed again.
   *
   * @param foreign those that another key than the newest sealed
   * @param lost those whose key is no longer configured
   */
  @RegisterForReflection
  private record Others(long waiting, @Column(name = "foreign_key") long foreign, long lost) {}

  private Others others() {
    long waiting = 0;
    long foreign = 0;
    long lost = 0;
    for (SealedColumn column : SealedColumn.values()) {
      Others of =
          sql.statement(column.count())
              .with("ids", "text", box.keyIds())
              .with("newest", box.newestKeyId())
              .one(Others.class);
      waiting += of.waiting;
      foreign += of.foreign;
      lost += of.lost;
    }
    return new Others(waiting, foreign, lost);
  }

  /**
   * Continues it, if it was started and has not ended.
   *
   * @param most after which no further batch begins; the rest is left to the next call
   */
  public void runOnce(Duration most) {
    long end = System.nanoTime() + most.toNanos();
    boolean goesOn =
        kept()
            .filter(kept -> kept.status.finishedAt() == null)
            // A process without the newest key leaves the work to those that have it.
            .filter(kept -> kept.keyId.equals(box.newestKeyId()))
            .filter(kept -> lacking() == 0)
            .isPresent();
    canary.refresh();
    while (goesOn) {
      Pass pass = new Pass();
      for (SealedColumn column : SealedColumn.values()) {
        if (column != SealedColumn.CANARY && !pass.over(column, end)) {
          return;
        }
      }
      // Rows that were changed during a pass may have moved to a place that it has passed.
      goesOn = pass.done > 0;
      if (!goesOn && sql.inTurn(LOCK, pass::finish, false)) {
        canary.refresh();
      }
    }
  }

  /** The value as it has to be sealed; empty where it can't be opened. */
  private Optional<Sealed> resealed(SealedColumn column, SealedRow found) {
    Sealed sealed = new Sealed(found.sealed);
    SecretServer server = column.server(found.address);
    try {
      return Optional.of(
          server == null
              ? box.sealBytes(box.openBytes(sealed, found.context), found.context)
              : secrets.resealed(sealed, found.context, server));
    } catch (SealBrokenException e) {
      return Optional.empty();
    }
  }

  private List<SealedRow> found(Sql own, SealedColumn column, String after) {
    return own.statement(column.find())
        .with("after", after)
        .with("newest", box.newestKeyId())
        .with("ids", "text", box.keyIds())
        .with("most", column.batch())
        .list(SealedRow.class);
  }

  // From the end of this transaction on, processes open no value that is bound to no server.
  private boolean isOneUnbound(Sql own) {
    for (SealedColumn column : SealedColumn.forServers()) {
      List<SealedRow> found = found(own, column, FIRST_PLACE);
      while (!found.isEmpty()) {
        if (found.stream().anyMatch(value -> resealed(column, value).isPresent())) {
          return true;
        }
        found = found(own, column, found.getLast().place);
      }
    }
    return false;
  }

  /** A sealed value and the place of its row. */
  @RegisterForReflection
  private record SealedRow(String place, String context, @Nullable String address, byte[] sealed) {}

  /** One pass over everything. */
  private final class Pass {
    private long done;
    private long failed;
    private String after = FIRST_PLACE;

    /** Seals the values of a column; false where there was no more time or no turn. */
    boolean over(SealedColumn column, long end) {
      after = FIRST_PLACE;
      int found = column.batch();
      while (found == column.batch()) {
        if (System.nanoTime() - end >= 0) {
          return false;
        }
        found = sql.inTurn(LOCK, own -> batch(own, column), -1);
      }
      return found >= 0;
    }

    /**
     * Seals the canary at the end of a pass that found nothing else; false where a transaction
     * seals values meanwhile. Then the next call goes on.
     */
    boolean finish(Sql own) {
      if (!MasterKeyCanary.takeTurn(own) || isOneUnbound(own)) {
        return false;
      }
      after = FIRST_PLACE;
      int _ = batch(own, SealedColumn.CANARY);
      own.statement(FINISH).with("failed", failed).with("now", clock.instant()).run();
      return true;
    }

    private int batch(Sql own, SealedColumn column) {
      List<SealedRow> batch = found(own, column, after);
      long replaced = 0;
      for (SealedRow found : batch) {
        after = found.place;
        Optional<Sealed> now = resealed(column, found);
        if (now.isEmpty()) {
          failed++;
        } else {
          replaced +=
              own.statement(column.replace())
                  .with("place", found.place)
                  .with("before", found.sealed)
                  .with("now", now.get().bytes())
                  .update();
        }
      }
      if (replaced > 0) {
        own.statement(ADD_DONE).with("done", replaced).run();
      }
      done += replaced;
      return batch.size();
    }
  }
}
