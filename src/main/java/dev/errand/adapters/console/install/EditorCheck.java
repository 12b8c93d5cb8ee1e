package dev.errand.adapters.console.install;

import dev.errand.adapters.console.frame.Visit;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;

/** Lets editors alone see forms. The services check it as well. */
final class EditorCheck {
  private EditorCheck() {}

  /**
   * Checks that the visitor may change what is installed, before there is a form to fill in.
   *
   * @throws ApiException {@link ErrorCode#ROLE_MISSING}
   */
  static void check(Visit visit) {
    if (!visit.layout().mayEdit()) {
      throw new ApiException(
          ErrorCode.ROLE_MISSING,
          "Tools of %s are installed by its editors: ask an owner of the profile for that role."
              .formatted(visit.profile()));
    }
  }
}
