package dev.errand.adapters.console.page;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.ProfileSlug;
import java.util.UUID;

/**
 * A request for a page of a profile, by a user who may see it.
 *
 * @param caller the user
 * @param profile the profile, with its owner's name
 * @param profileId the profile's id
 * @param layout the layout around the content of the page
 */
public record PageRequest(
    Caller caller, ProfileSlug profile, UUID profileId, ConsoleLayout layout) {
  /**
   * Checks that the user may change what is in the profile. The services check it as well; this
   * check comes before a form is shown.
   *
   * @param things what is to be changed, such as {@code Tasks}
   * @throws ApiException {@link ErrorCode#ROLE_MISSING}
   */
  public void requireEditor(String things) {
    if (!layout.mayEdit()) {
      throw new ApiException(
          ErrorCode.ROLE_MISSING,
          "%s of %s can only be changed by its editors: ask an owner of the profile for that role."
              .formatted(things, profile));
    }
  }
}
