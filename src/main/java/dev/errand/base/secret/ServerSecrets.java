package dev.errand.base.secret;

import jakarta.inject.Singleton;

/**
 * Seals secrets that are sent to a server, and opens them for that server only: in a row whose
 * address was changed by other means than this service, the secret does not open. Until {@link
 * MasterKeyCanary} says that all are sealed like that, secrets are sealed and opened as the version
 * before did.
 */
@Singleton
public class ServerSecrets {
  private final SecretBox box;
  private final MasterKeyCanary canary;

  public ServerSecrets(SecretBox box, MasterKeyCanary canary) {
    this.box = box;
    this.canary = canary;
  }

  /** Seals a secret. To be called in the transaction that stores it. */
  public Sealed seal(PlainSecret secret, String context, SecretServer server) {
    return canary.bindsSeals() ? box.seal(secret, context, server) : box.seal(secret, context);
  }

  /**
   * Opens a secret.
   *
   * @throws SealBrokenException when it can't be opened, or was sealed for another server
   */
  public PlainSecret open(Sealed sealed, String context, SecretServer server) {
    return canary.open(sealed, context, server);
  }

  /** Seals a secret with the newest key and for its server. */
  public Sealed resealed(Sealed sealed, String context, SecretServer server) {
    return box.seal(open(sealed, context, server), context, server);
  }
}
