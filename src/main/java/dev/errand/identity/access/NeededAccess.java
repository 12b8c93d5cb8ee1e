package dev.errand.identity.access;

import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a request that stays open needs to be allowed as long as it is open.
 *
 * @param caller who asked, as authenticated when the request began
 * @param part the part of a profile that it is about; null where it needs no more than a credential
 *     that is valid
 */
public record NeededAccess(Caller caller, @Nullable InProfile part) {

  /**
   * A part of a profile, and what is done there.
   *
   * @param profileId the profile
   * @param profile the profile as the request names it, for sentences to the caller
   * @param task the name of the one task that it is about; null where it is about the profile
   * @param right what the operation wants of its caller
   */
  public record InProfile(
      UUID profileId, ProfileSlug profile, @Nullable String task, Right right) {}

  /** Access to one task of a profile. */
  public static NeededAccess toTask(
      Caller caller, UUID profileId, ProfileSlug profile, String task, Right right) {
    return new NeededAccess(caller, new InProfile(profileId, profile, task, right));
  }

  /** Whether a credential is behind it: what the process does itself has none to be revoked. */
  boolean isByCredential() {
    return caller.rights().session() != null || caller.rights().token() != null;
  }
}
