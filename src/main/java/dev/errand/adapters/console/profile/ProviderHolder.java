package dev.errand.adapters.console.profile;

import dev.errand.adapters.console.page.PageRequest;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.PublicUrl;
import dev.errand.base.json.Coded;
import dev.errand.identity.profile.ProfileSlug;
import org.jspecify.annotations.Nullable;

/** The owner of a provider. */
enum ProviderHolder implements Coded {
  /** The visitor. */
  OWN,
  /** The profile. */
  PROFILE;

  /**
   * The holder that an address names.
   *
   * @throws ApiException where it names none, or the user may not change its providers
   */
  static ProviderHolder editable(String code, PageRequest page) {
    ProviderHolder found =
        Coded.find(ProviderHolder.class, code)
            .orElseThrow(() -> new ApiException(ErrorCode.NOT_FOUND, "There is no such page."));
    if (found == PROFILE) {
      page.requireEditor("Providers");
    }
    return found;
  }

  /** The profile that owns the providers; null for the user's own. */
  @Nullable ProfileSlug profile(PageRequest page) {
    return switch (this) {
      case OWN -> null;
      case PROFILE -> page.profile();
    };
  }

  /** The holder, for people. */
  String text(PageRequest page) {
    return switch (this) {
      case OWN -> "yours";
      case PROFILE -> "of the profile " + page.profile();
    };
  }

  /** The address of the form of a new provider. */
  String address(PageRequest page) {
    return page.home() + "/settings/providers/" + code();
  }

  /** The address of the form of a provider. */
  String address(PageRequest page, String provider) {
    return address(page) + "/" + PublicUrl.encoded(provider);
  }
}
