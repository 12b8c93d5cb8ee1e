package dev.errand.base.secret;

import dev.errand.base.database.DatabaseException;
import dev.errand.base.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Checks whether the master key fits the database, and the keys of the other processes. */
@ApplicationScoped
public class MasterKeyCheck {
  private static final String CONTEXT = "canary";

  private static final String SEAL =
      "INSERT INTO secret_canary (id, sealed) VALUES (1, :sealed) ON CONFLICT DO NOTHING";

  private static final String SEALED = "SELECT sealed FROM secret_canary";

  private final Sql sql;
  private final SecretBox box;
  private final KeyHolders holders;

  @Inject
  MasterKeyCheck(Sql sql, SecretBox box, KeyHolders holders) {
    this.sql = sql;
    this.box = box;
    this.holders = holders;
  }

  /**
   * Opens the canary, or seals one where the database is new.
   *
   * @throws IllegalStateException when the master key is not the one that this database's secrets
   *     are sealed with
   */
  public void check() {
    try {
      sql.statement(SEAL)
          .with("sealed", box.seal(new PlainSecret("errand"), CONTEXT).bytes())
          .update();
      boolean _ = open();
    } catch (SealBrokenException e) {
      throw wrongKey(e);
    } catch (DatabaseException e) {
      throw new IllegalStateException("The database can't be read: " + e.reason(), e);
    }
  }

  static IllegalStateException wrongKey(SealBrokenException e) {
    return new IllegalStateException(
        "ERRAND_SECRET_KEY is not the key that this database's secrets are sealed with: set the"
            + " former key, or name it in ERRAND_SECRET_PREVIOUS_KEYS beside a new one.",
        e);
  }

  /**
   * Whether the master key opens the canary in the database, which has to be reachable, and no
   * other process that works through the queue seals with a key that this one does not have.
   */
  public boolean isOpen() {
    try {
      return open() && !holders.sealOtherwise(box.keyIds());
    } catch (DatabaseException | SealBrokenException e) {
      return false;
    }
  }

  private boolean open() {
    return sql.statement(SEALED)
        .first(row -> !box.open(new Sealed(row.bytes("sealed")), CONTEXT).value().isEmpty())
        .orElse(false);
  }
}
