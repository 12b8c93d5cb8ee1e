package dev.errand.app.boot;

import dev.errand.base.secret.SecretCanary;
import dev.errand.identity.account.Sessions;
import dev.errand.identity.account.User;
import dev.errand.identity.profile.Profile;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Creates the admin, the default profile and the bundled servlets. It is idempotent, and several
 * processes may run it at the same time.
 */
@ApplicationScoped
class FirstStart {
  private static final Logger LOG = Logger.getLogger("dev.errand");

  private final SecretCanary canary;
  private final Sessions sessions;
  private final BundledServlets bundled;
  private final EntityManager entities;
  private final BootConfig config;

  FirstStart(
      SecretCanary canary,
      Sessions sessions,
      BundledServlets bundled,
      EntityManager entities,
      BootConfig config) {
    this.canary = canary;
    this.sessions = sessions;
    this.bundled = bundled;
    this.entities = entities;
    this.config = config;
  }

  void start(@Observes @Priority(1) StartupEvent event) throws InterruptedException {
    canary.check();
    User admin = QuarkusTransaction.requiringNew().call(this::admin);
    Profile profile = QuarkusTransaction.requiringNew().call(() -> defaultProfile(admin));
    bundled.register(profile);
    config
        .session()
        .filter(token -> !token.isEmpty())
        .ifPresentOrElse(token -> sessions.bootstrap(admin, token), sessions::endBootstrap);
    if (LaunchMode.current() == LaunchMode.NORMAL && config.session().isEmpty()) {
      LOG.warn(
          "No session can be used: set ERRAND_BOOTSTRAP_SESSION, such as by `openssl rand -hex"
              + " 32`.");
    }
  }

  private User admin() {
    entities
        .createNativeQuery(
            "INSERT INTO account (id, username) VALUES (?1, ?2) ON CONFLICT (username) DO NOTHING")
        .setParameter(1, UUID.randomUUID())
        .setParameter(2, User.ADMIN)
        .executeUpdate();
    return User.named(User.ADMIN).orElseThrow();
  }

  private Profile defaultProfile(User user) {
    entities
        .createNativeQuery(
            "INSERT INTO profile (id, account_id, name) VALUES (?1, ?2, ?3) ON CONFLICT"
                + " (account_id, name) DO NOTHING")
        .setParameter(1, UUID.randomUUID())
        .setParameter(2, user.id)
        .setParameter(3, Profile.DEFAULT)
        .executeUpdate();
    return Profile.of(user.id, Profile.DEFAULT).orElseThrow();
  }
}
