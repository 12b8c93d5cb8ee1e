package dev.errand.runs.budget;

import dev.errand.identity.account.User;
import dev.errand.identity.profile.Profile;
import java.util.UUID;

/**
 * The owner of a budget: a user or a profile.
 *
 * @param slug the user's name, or {@code user/profile}
 */
record BudgetOwner(UUID id, boolean isProfile, String slug) {

  static BudgetOwner of(User user) {
    return new BudgetOwner(user.id(), false, user.username());
  }

  static BudgetOwner of(Profile profile) {
    return new BudgetOwner(profile.id(), true, profile.slug().toString());
  }

  /** The field of {@link Budget} that has the id. */
  String field() {
    return isProfile ? "profileId" : "accountId";
  }

  /** The column of the table that has it. */
  String column() {
    return isProfile ? "profile_id" : "account_id";
  }
}
