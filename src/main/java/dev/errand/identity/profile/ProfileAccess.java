package dev.errand.identity.profile;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.CurrentCaller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.UUID;

/** Finds the profiles that the caller may access. */
@ApplicationScoped
public class ProfileAccess {
  private static final String SELF = "~";

  private final CurrentCaller current;

  ProfileAccess(CurrentCaller current) {
    this.current = current;
  }

  /**
   * The caller's own profile of that name.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, also for a profile of another user,
   *     so that its existence is not revealed
   */
  public Profile own(String user, String name) {
    return Profile.of(owner(user, name), name).orElseThrow(() -> notFound(user, name));
  }

  /**
   * The owner of the profiles that the address names, which must be the caller.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} for anybody's but the caller's own
   */
  public UUID owner(String user, String name) {
    Caller caller = current.get();
    if (!user.equals(SELF) && !user.equals(caller.username())) {
      throw notFound(user, name);
    }
    return caller.id();
  }

  /**
   * The caller's own profiles, by name.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} when the user is somebody else
   */
  @Transactional
  public List<Profile> own(String user) {
    Caller caller = current.get();
    if (!user.equals(SELF) && !user.equals(caller.username())) {
      throw new ApiException(
          ErrorCode.PROFILE_NOT_FOUND, "There are no profiles of " + user + " that you may use.");
    }
    return Profile.allOf(caller.id());
  }

  /** The caller's name. */
  public String username() {
    return current.get().username();
  }

  /** The user that an address names; {@code ~} is the caller. */
  public String username(String user) {
    return user.equals(SELF) ? username() : user;
  }

  private static ApiException notFound(String user, String name) {
    return new ApiException(
        ErrorCode.PROFILE_NOT_FOUND,
        "There is no profile " + new ProfileSlug(user, name) + " that you may use.");
  }
}
