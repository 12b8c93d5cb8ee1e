package dev.errand.adapters.mcp;

import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Rights;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The profile of a caller that names none: the one that the credential is limited to, or else the
 * caller's own default.
 */
@ApplicationScoped
public class DefaultProfile {
  private final ProfileAccess access;

  DefaultProfile(ProfileAccess access) {
    this.access = access;
  }

  /** That profile. */
  public ProfileSlug of(Caller caller) {
    Rights rights = caller.rights();
    if (rights.profiles().size() == 1) {
      return access.ownedProfile(rights.profiles().iterator().next()).profile();
    }
    Set<String> ofTasks =
        rights.tasks().stream()
            .map(task -> task.substring(0, task.lastIndexOf('/')))
            .collect(Collectors.toSet());
    if (ofTasks.size() == 1) {
      String slug = ofTasks.iterator().next();
      int slash = slug.indexOf('/');
      return new ProfileSlug(slug.substring(0, slash), slug.substring(slash + 1));
    }
    return new ProfileSlug(caller.username(), Profile.DEFAULT);
  }
}
