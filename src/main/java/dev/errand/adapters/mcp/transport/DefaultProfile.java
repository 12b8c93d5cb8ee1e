package dev.errand.adapters.mcp.transport;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Rights;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.ProfileStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the profile of a request that names none: the one that the credential is limited to, or
 * else the caller's default profile.
 */
@ApplicationScoped
public class DefaultProfile {
  private final ProfileStore profiles;

  DefaultProfile(ProfileStore profiles) {
    this.profiles = profiles;
  }

  /**
   * That profile.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} when the one that the credential is
   *     limited to is deleted
   */
  public ProfileSlug of(Caller caller) {
    Rights rights = caller.rights();
    if (rights.profiles().size() == 1) {
      return profiles
          .find(rights.profiles().iterator().next())
          .map(Profile::slug)
          .orElseThrow(
              () ->
                  new ApiException(
                      ErrorCode.PROFILE_NOT_FOUND,
                      "The profile to which this credential is limited was deleted."));
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
