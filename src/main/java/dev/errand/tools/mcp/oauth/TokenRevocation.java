package dev.errand.tools.mcp.oauth;

import dev.errand.tools.mcp.oauth.CredentialStore.Forgotten;
import dev.errand.tools.mcp.oauth.CredentialStore.HeldTokens;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import org.jboss.logging.Logger;

/** Revokes tokens that are no longer used, if their issuer supports it. */
@ApplicationScoped
class TokenRevocation {
  private static final Logger LOG = Logger.getLogger(TokenRevocation.class);

  private final TokenRequests requests;

  TokenRevocation(TokenRequests requests) {
    this.requests = requests;
  }

  // In the background, so that an uninstallation is neither slow nor fails.
  void on(@Observes(during = TransactionPhase.AFTER_SUCCESS) Forgotten forgotten) {
    Thread.startVirtualThread(
        () -> {
          try {
            revoke(forgotten.held());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** Revokes tokens; a failure is ignored. */
  void revoke(HeldTokens held) throws InterruptedException {
    try {
      requests.revoke(held.connection(), held.tokens());
    } catch (CredentialException e) {
      LOG.debugf("A token was not revoked: %s", e.sentence());
    }
  }
}
