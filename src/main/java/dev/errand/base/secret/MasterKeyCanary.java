package dev.errand.base.secret;

import dev.errand.base.database.Sql;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * A sealed value that shows whether a master key fits the database. Its form says whether all
 * secrets that are sent to servers are sealed for their servers; if so, this process opens no
 * others. A version that does not know the form can't open the canary, and does not start.
 */
@Singleton
public class MasterKeyCanary {
  /** What the canary belongs to. */
  public static final String CONTEXT = "canary";

  /** Stands for the server that the canary, which is sent nowhere, is sealed for. */
  public static final SecretServer SERVER = new SecretServer("none");

  private static final String ADD =
      "INSERT INTO secret_canary (id, sealed) VALUES (1, :sealed) ON CONFLICT DO NOTHING";

  private static final String SEALED = "SELECT sealed FROM secret_canary";

  private static final String SHARE =
      "SELECT pg_advisory_xact_lock_shared(hashtext('errand.canary'))";

  private static final String TAKE =
      "SELECT pg_try_advisory_xact_lock(hashtext('errand.canary')) AS mine";

  private static final Logger LOG = Logger.getLogger(MasterKeyCanary.class);

  private final Sql sql;
  private final SecretBox box;
  // Never set again once it was cleared: then a canary that was put back is a broken seal.
  private volatile boolean unbound;

  public MasterKeyCanary(Sql sql, SecretBox box) {
    this.sql = sql;
    this.box = box;
  }

  /**
   * Reads the canary for the first time, or seals one where the database is new.
   *
   * @return whether secrets open for their servers only
   * @throws SealBrokenException when the master key does not open it
   */
  public boolean start() {
    sql.statement(ADD)
        .with("sealed", box.seal(new PlainSecret("errand"), CONTEXT, SERVER).bytes())
        .update();
    unbound = true;
    boolean _ = isOpen();
    return !unbound;
  }

  /**
   * Whether there is a canary.
   *
   * @throws SealBrokenException when the master key does not open it
   */
  public boolean isOpen() {
    return sql.statement(SEALED)
        .first(
            row -> {
              Sealed sealed = new Sealed(row.bytes("sealed"));
              boolean whole = !open(sealed, CONTEXT, SERVER).value().isEmpty();
              if (sealed.isForServer()) {
                unbound = false;
              }
              return whole;
            })
        .orElse(false);
  }

  /** Whether this process opens secrets for their servers only. */
  public boolean isBound() {
    return !unbound;
  }

  /**
   * Whether a secret has to be sealed for its server. The answer holds until the end of the
   * transaction.
   */
  boolean bindsSeals() {
    if (unbound) {
      // Held until the secret is committed, so that it is resealed before it no longer opens. Its
      // own statement, since the next one must see what was committed while this one waited.
      boolean _ = sql.statement(SHARE).first(row -> true).orElse(false);
      return sql.statement(SEALED)
          .first(row -> new Sealed(row.bytes("sealed")).isForServer())
          .orElse(true);
    }
    return true;
  }

  /** Notices that another process has bound all secrets. */
  public void refresh() {
    if (unbound) {
      try {
        boolean _ = isOpen();
      } catch (SealBrokenException e) {
        LOG.debugf("The canary can't be opened: %s", e.getMessage());
      }
    }
  }

  /**
   * Keeps transactions that seal secrets waiting until the end of the caller's, unless there are
   * some already.
   *
   * @return whether there were none
   */
  public static boolean takeTurn(Sql own) {
    return own.statement(TAKE).one(row -> row.flag("mine"));
  }

  /** Opens a secret as {@link ServerSecrets#open} does. */
  PlainSecret open(Sealed sealed, String context, SecretServer server) {
    if (sealed.isForServer()) {
      return box.open(sealed, context, server);
    }
    if (unbound) {
      return box.open(sealed, context);
    }
    throw new SealBrokenException(
        "The sealed value of " + context + " is bound to no server, as versions before sealed.",
        false);
  }
}
