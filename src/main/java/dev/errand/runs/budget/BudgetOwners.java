package dev.errand.runs.budget;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Scope;
import dev.errand.identity.account.Users;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import jakarta.inject.Singleton;

/** Finds the owner of budgets, for who may see or change them. */
@Singleton
class BudgetOwners {
  private final ProfileAccess access;
  private final Users users;

  BudgetOwners(ProfileAccess access, Users users) {
    this.access = access;
    this.users = users;
  }

  /**
   * A profile.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, {@link ErrorCode#SCOPE_MISSING} or
   *     {@link ErrorCode#ROLE_MISSING}
   */
  BudgetOwner ofProfile(Caller caller, ProfileSlug profile, Right right) {
    return BudgetOwner.of(access.require(caller, profile, right));
  }

  /**
   * A user, for those who see the user's budgets: the user and admins.
   *
   * @throws ApiException {@link ErrorCode#USER_NOT_FOUND} or {@link ErrorCode#SCOPE_MISSING}
   */
  BudgetOwner ofShownUser(Caller caller, String user) {
    caller.requireUnlimited(caller.is(user) ? Scope.READ : Scope.ADMIN);
    return named(caller, user);
  }

  /**
   * A user, for admins, who change the user's budgets.
   *
   * @throws ApiException as {@link #ofShownUser}
   */
  BudgetOwner ofChangedUser(Caller caller, String user) {
    caller.requireUnlimited(Scope.ADMIN);
    return named(caller, user);
  }

  private BudgetOwner named(Caller caller, String user) {
    String name = caller.nameOf(user);
    return BudgetOwner.of(users.named(name).orElseThrow(() -> Users.unknown(name)));
  }
}
