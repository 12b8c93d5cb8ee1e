package dev.errand.base.secret;

import dev.errand.base.database.DatabaseException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.jboss.logging.Logger;

/** Checks whether the master key fits the database, and the keys of the other processes. */
@ApplicationScoped
public class MasterKeyCheck {
  private static final Logger LOG = Logger.getLogger(MasterKeyCheck.class);

  private final MasterKeyCanary canary;
  private final SecretBox box;
  private final KeyHolders holders;

  @Inject
  MasterKeyCheck(MasterKeyCanary canary, SecretBox box, KeyHolders holders) {
    this.canary = canary;
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
      if (!canary.start()) {
        LOG.warn(
            "Keys are not bound to the servers that they are for: send POST /api/admin/reseal when"
                + " no process of a version before this one is left.");
      }
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
      return canary.isOpen() && !holders.sealOtherwise(box.keyIds());
    } catch (DatabaseException | SealBrokenException e) {
      return false;
    }
  }
}
