package dev.errand.runs.provider;

import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.Profile;
import java.util.UUID;

/**
 * The owner of a provider: a user or a profile.
 *
 * @param slug the user's name, or {@code user/profile}
 */
record ProviderOwner(UUID id, boolean isProfile, String slug) {

  static ProviderOwner of(Caller caller) {
    return new ProviderOwner(caller.id(), false, caller.username());
  }

  static ProviderOwner of(Profile profile) {
    return new ProviderOwner(profile.id(), true, profile.slug().toString());
  }

  /** The field of {@link Provider} that has the id. */
  String column() {
    return isProfile ? "profileId" : "accountId";
  }
}
