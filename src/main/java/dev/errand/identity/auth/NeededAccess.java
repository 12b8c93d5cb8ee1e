package dev.errand.identity.auth;

import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The access that a request needs for as long as it stays open.
 *
 * @param caller the caller, as authenticated when the request began
 * @param part the part of a profile that it is about; null where it only needs a valid credential
 */
public record NeededAccess(Caller caller, @Nullable InProfile part) {
  /**
   * A part of a profile, and the right that is needed there.
   *
   * @param profile the profile as the request names it, for sentences to the caller
   * @param task the name of the one task that it is about; null where it is about the profile
   */
  public record InProfile(
      UUID profileId, ProfileSlug profile, @Nullable String task, Right right) {}

  /** Access to one task of a profile. */
  public static NeededAccess toTask(
      Caller caller, UUID profileId, ProfileSlug profile, String task, Right right) {
    return new NeededAccess(caller, new InProfile(profileId, profile, task, right));
  }

  /**
   * Whether the caller has a credential; work of the process itself has none that could be revoked.
   */
  boolean isByCredential() {
    return caller.rights().session() != null || caller.rights().token() != null;
  }
}
