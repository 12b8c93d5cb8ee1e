package dev.errand.app.boot;

import dev.errand.identity.account.User;
import dev.errand.identity.account.Users;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileCreated;
import dev.errand.identity.profile.ProfileStore;
import dev.errand.identity.user.UserChanges;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.util.UUID;
import org.jboss.logging.Logger;

/** The user {@code admin} and its default profile, which are added where they are missing. */
@ApplicationScoped
class AdminAccount {
  private static final Logger LOG = Logger.getLogger("dev.errand");

  private final ProfileStore profiles;
  private final UserChanges changes;
  private final Users users;
  private final Event<ProfileCreated> created;

  AdminAccount(
      ProfileStore profiles, UserChanges changes, Users users, Event<ProfileCreated> created) {
    this.profiles = profiles;
    this.changes = changes;
    this.users = users;
    this.created = created;
  }

  /** The id of the user. */
  UUID id() {
    changes.addAdmin();
    return users.named(User.ADMIN).orElseThrow().id();
  }

  /** The id of the default profile. */
  @Transactional
  UUID defaultProfile(UUID admin) {
    profiles.addDefault(admin).map(ProfileCreated::new).ifPresent(created::fire);
    return profiles.of(admin, Profile.DEFAULT).orElseThrow().id();
  }

  /** Makes sure that the user is an enabled admin. */
  void letIn(UUID admin) {
    if (changes.letIn(admin)) {
      LOG.warn(
          "The user admin was disabled or not an admin, and is an enabled admin again, since"
              + " ERRAND_BOOTSTRAP_SESSION is set.");
    }
  }
}
