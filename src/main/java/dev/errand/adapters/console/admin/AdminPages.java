package dev.errand.adapters.console.admin;

import dev.errand.adapters.console.page.PageRequest;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;

/** What the pages for admins have in common. */
final class AdminPages {
  /** The part of the navigation to which they belong. */
  static final String CURRENT = "settings";

  private AdminPages() {}

  /**
   * Checks that the visitor is an admin. The services check it as well; this check comes before a
   * form is shown.
   *
   * @throws ApiException {@link ErrorCode#SCOPE_MISSING}
   */
  static void check(PageRequest visit) {
    if (!visit.layout().isAdmin()) {
      throw new ApiException(
          ErrorCode.SCOPE_MISSING, "This page is for users with the role `admin`.");
    }
  }
}
