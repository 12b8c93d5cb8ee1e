package dev.errand.identity.profile;

import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Scope;
import org.jspecify.annotations.Nullable;

/**
 * A right that an operation in a profile requires of its caller: a scope, and a role in the
 * profile.
 */
public enum Right {
  /** To see the profile itself and its installations, which every user may do in a public one. */
  LOOK(ProfileRole.VIEWER, Scope.READ),
  /** To see what is in the profile. */
  SEE(ProfileRole.VIEWER, Scope.READ),
  SEE_RUNS(ProfileRole.VIEWER, Scope.READ, Scope.RUN),
  /** To start, cancel and retry runs. */
  RUN(ProfileRole.RUNNER, Scope.RUN),
  /** To decide about tool calls that wait for a person. */
  APPROVE(ProfileRole.APPROVER, Scope.APPROVE),
  /** To change what is in the profile. */
  EDIT(ProfileRole.EDITOR, Scope.WRITE),
  /** To leave a profile that somebody else shares. */
  LEAVE(ProfileRole.VIEWER, Scope.WRITE),
  /** To change or delete the profile itself, and who shares it. */
  OWN(ProfileRole.OWNER, Scope.WRITE);

  private final ProfileRole role;
  private final Scope scope;
  private final Scope orScope;

  Right(ProfileRole role, Scope scope) {
    this(role, scope, scope);
  }

  Right(ProfileRole role, Scope scope, Scope orScope) {
    this.role = role;
    this.scope = scope;
    this.orScope = orScope;
  }

  ProfileRole role() {
    return role;
  }

  /** Whether the caller's credential has a scope for it. */
  boolean isInScope(Caller caller) {
    return caller.rights().scopes().contains(scope) || caller.rights().scopes().contains(orScope);
  }

  /**
   * Whether a caller has it.
   *
   * @param by the caller, whose credential must have a scope for it
   * @param role the caller's role in the profile; null for none
   */
  public boolean isOf(Caller by, @Nullable ProfileRole role) {
    return isInScope(by) && role != null && role.includes(this.role);
  }

  /**
   * Checks that the caller's credential has a scope for it.
   *
   * @throws dev.errand.base.error.ApiException {@link
   *     dev.errand.base.error.ErrorCode#SCOPE_MISSING}
   */
  public void requireScope(Caller caller) {
    caller.require(scope, orScope);
  }
}
