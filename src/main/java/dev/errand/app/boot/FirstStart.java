package dev.errand.app.boot;

import dev.errand.base.database.Sql;
import dev.errand.base.secret.MasterKeyCheck;
import dev.errand.base.secret.Resealing;
import dev.errand.base.secret.TriggerAddressKeys;
import dev.errand.identity.account.Sessions;
import dev.errand.identity.account.User;
import dev.errand.identity.profile.Profile;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Creates the admin, the default profile and the bundled servlets. It is idempotent, and several
 * processes may run it at the same time.
 */
@ApplicationScoped
class FirstStart {
  private static final Logger LOG = Logger.getLogger("dev.errand");

  private static final String ADD_ACCOUNT =
      """
      INSERT INTO account (id, username, role) VALUES (:id, :username, 'admin')
      ON CONFLICT (username) DO NOTHING
      """;

  private static final String ACCOUNT = "SELECT id FROM account WHERE username = :username";

  private static final String ADD_PROFILE =
      """
      INSERT INTO profile (id, account_id, name) VALUES (:id, :account_id, :name)
      ON CONFLICT (account_id, name) DO NOTHING
      """;

  private static final String PROFILE =
      "SELECT id FROM profile WHERE account_id = :account_id AND name = :name";

  private static final String LET_IN =
      """
      UPDATE account SET role = 'admin', disabled_at = NULL
      WHERE id = :id AND (role <> 'admin' OR disabled_at IS NOT NULL)
      """;

  private final MasterKeyCheck keyCheck;
  private final TriggerAddressKeys signing;
  private final Resealing resealing;
  private final Sessions sessions;
  private final BundledServlets bundled;
  private final Sql sql;
  private final BootConfig config;

  FirstStart(
      MasterKeyCheck keyCheck,
      TriggerAddressKeys signing,
      Resealing resealing,
      Sessions sessions,
      BundledServlets bundled,
      Sql sql,
      BootConfig config) {
    this.keyCheck = keyCheck;
    this.signing = signing;
    this.resealing = resealing;
    this.sessions = sessions;
    this.bundled = bundled;
    this.sql = sql;
    this.config = config;
  }

  // Plain SQL: loading Hibernate's query parser would take longer than all of this.
  void start(@Observes @Priority(1) StartupEvent event) throws InterruptedException {
    keyCheck.check();
    signing.load();
    resealing.warnOfLostKeys();
    UUID admin = admin();
    bundled.register(defaultProfile(admin));
    config
        .session()
        .filter(token -> !token.isEmpty())
        .ifPresentOrElse(token -> letIn(admin, token), sessions::endBootstrap);
    if (LaunchMode.current() == LaunchMode.NORMAL && config.session().isEmpty()) {
      LOG.warn(
          "No session can be used: set ERRAND_BOOTSTRAP_SESSION, such as by `openssl rand -hex"
              + " 32`.");
    }
  }

  // The operator's session grants access when no user can sign in.
  private void letIn(UUID admin, String token) {
    sessions.bootstrap(admin, token);
    if (sql.statement(LET_IN).with("id", admin).update() > 0) {
      LOG.warn(
          "The user admin was disabled or not an admin, and is an enabled admin again, since"
              + " ERRAND_BOOTSTRAP_SESSION is set.");
    }
  }

  private UUID admin() {
    sql.statement(ADD_ACCOUNT).with("id", UUID.randomUUID()).with("username", User.ADMIN).update();
    return sql.statement(ACCOUNT).with("username", User.ADMIN).one(row -> row.id("id"));
  }

  private UUID defaultProfile(UUID admin) {
    sql.statement(ADD_PROFILE)
        .with("id", UUID.randomUUID())
        .with("account_id", admin)
        .with("name", Profile.DEFAULT)
        .update();
    return sql.statement(PROFILE)
        .with("account_id", admin)
        .with("name", Profile.DEFAULT)
        .one(row -> row.id("id"));
  }
}
