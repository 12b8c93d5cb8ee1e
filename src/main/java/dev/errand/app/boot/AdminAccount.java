package dev.errand.app.boot;

import dev.errand.base.database.Sql;
import dev.errand.identity.account.User;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileCreated;
import dev.errand.identity.profile.ProfileStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.util.UUID;
import org.jboss.logging.Logger;

/** The user {@code admin} and its default profile, which are added where they are missing. */
@ApplicationScoped
class AdminAccount {
  private static final Logger LOG = Logger.getLogger("dev.errand");

  private static final String ADD =
      """
      INSERT INTO account (id, username, role) VALUES (:id, :username, 'admin')
      ON CONFLICT (username) DO NOTHING
      """;

  private static final String FIND = "SELECT id FROM account WHERE username = :username";

  private static final String LET_IN =
      """
      UPDATE account SET role = 'admin', disabled_at = NULL
      WHERE id = :id AND (role <> 'admin' OR disabled_at IS NOT NULL)
      """;

  private final ProfileStore profiles;
  private final Sql sql;
  private final Event<ProfileCreated> created;

  AdminAccount(ProfileStore profiles, Sql sql, Event<ProfileCreated> created) {
    this.profiles = profiles;
    this.sql = sql;
    this.created = created;
  }

  /** The id of the user. */
  UUID id() {
    sql.statement(ADD).with("id", UUID.randomUUID()).with("username", User.ADMIN).update();
    return sql.statement(FIND).with("username", User.ADMIN).one(row -> row.id("id"));
  }

  /** The id of the default profile. */
  @Transactional
  UUID defaultProfile(UUID admin) {
    profiles.addDefault(admin).map(ProfileCreated::new).ifPresent(created::fire);
    return profiles.of(admin, Profile.DEFAULT).orElseThrow().id();
  }

  /** Makes sure that the user is an enabled admin. */
  void letIn(UUID admin) {
    if (sql.statement(LET_IN).with("id", admin).update() > 0) {
      LOG.warn(
          "The user admin was disabled or not an admin, and is an enabled admin again, since"
              + " ERRAND_BOOTSTRAP_SESSION is set.");
    }
  }
}
