package dev.errand.app.boot;

import dev.errand.base.secret.MasterKeyCheck;
import dev.errand.base.secret.Resealing;
import dev.errand.base.secret.TriggerAddressKeys;
import dev.errand.identity.account.Sessions;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.UUID;

/**
 * Creates the admin, the default profile and the bundled servlets. It is idempotent, and several
 * processes may run it at the same time.
 */
@ApplicationScoped
class FirstStart {
  private final MasterKeyCheck keyCheck;
  private final TriggerAddressKeys signing;
  private final Resealing resealing;
  private final Sessions sessions;
  private final BundledServlets bundled;
  private final AdminAccount admin;
  private final BootConfig config;

  FirstStart(
      MasterKeyCheck keyCheck,
      TriggerAddressKeys signing,
      Resealing resealing,
      Sessions sessions,
      BundledServlets bundled,
      AdminAccount admin,
      BootConfig config) {
    this.keyCheck = keyCheck;
    this.signing = signing;
    this.resealing = resealing;
    this.sessions = sessions;
    this.bundled = bundled;
    this.admin = admin;
    this.config = config;
  }

  // Plain SQL: loading Hibernate's query parser would take longer than all of this.
  void start(@Observes @Priority(1) StartupEvent event) throws InterruptedException {
    keyCheck.check();
    signing.load();
    resealing.warnOfLostKeys();
    UUID id = admin.id();
    bundled.register(admin.defaultProfile(id));
    config
        .session()
        .filter(token -> !token.isEmpty())
        .ifPresentOrElse(token -> letIn(id, token), sessions::endBootstrap);
  }

  // The operator's session grants access when no user can sign in.
  private void letIn(UUID id, String token) {
    sessions.bootstrap(id, token);
    admin.letIn(id);
  }
}
