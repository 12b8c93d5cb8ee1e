package dev.errand.identity.profile;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.UUID;

/** Finds the profiles that a caller may access. */
@ApplicationScoped
public class ProfileAccess {

  /**
   * The caller's own profile of that name.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, also for a profile of another user,
   *     so that its existence is not revealed
   */
  @Transactional
  public Profile own(Caller caller, ProfileSlug profile) {
    return Profile.of(owner(caller, profile), profile.name()).orElseThrow(() -> notFound(profile));
  }

  /**
   * The owner of the profiles that the address names, which must be the caller.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} for anybody's but the caller's own
   */
  public UUID owner(Caller caller, ProfileSlug profile) {
    if (!caller.is(profile.user())) {
      throw notFound(profile);
    }
    return caller.id();
  }

  /**
   * The caller's own profiles, by name.
   *
   * @param user whose profiles are asked for
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} when the user is somebody else
   */
  @Transactional
  public List<Profile> allOwn(Caller caller, String user) {
    if (!caller.is(user)) {
      throw new ApiException(
          ErrorCode.PROFILE_NOT_FOUND, "There are no profiles of " + user + " that you may use.");
    }
    return Profile.allOf(caller.id());
  }

  /**
   * A profile with its owner, who is the caller of what a run in the profile does.
   *
   * @param caller the owner
   * @param profile the profile
   */
  public record OwnedProfile(Caller caller, ProfileSlug profile) {}

  /** The profile with that id, and its owner. */
  @Transactional
  public OwnedProfile ownedProfile(UUID profileId) {
    Profile profile = Profile.findById(profileId);
    return new OwnedProfile(new Caller(profile.user.id, profile.user.username), profile.slug());
  }

  private static ApiException notFound(ProfileSlug profile) {
    return new ApiException(
        ErrorCode.PROFILE_NOT_FOUND, "There is no profile " + profile + " that you may use.");
  }
}
