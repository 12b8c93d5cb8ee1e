package dev.errand.identity.account;

import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;

/**
 * What a credential allows its user to do. It never allows what the user may not do.
 *
 * @param scopes the kinds of operations
 * @param profiles the profiles that it is limited to; empty for all of the user's
 * @param tasks the tasks that it is limited to, as {@code user/profile/task}; empty for all
 */
public record Rights(Set<Scope> scopes, Set<UUID> profiles, Set<String> tasks) {
  private static final Set<Scope> OF_MEMBERS =
      Set.copyOf(EnumSet.complementOf(EnumSet.of(Scope.ADMIN)));
  private static final Rights MEMBER = new Rights(OF_MEMBERS, Set.of(), Set.of());
  private static final Rights ADMIN =
      new Rights(Set.copyOf(EnumSet.allOf(Scope.class)), Set.of(), Set.of());

  /** All that a user of that role may do, as a session allows it. */
  public static Rights of(UserRole role) {
    return switch (role) {
      case ADMIN -> ADMIN;
      case MEMBER -> MEMBER;
    };
  }

  /** Whether the profile as a whole is among what these rights are limited to. */
  public boolean coversProfile(UUID profileId) {
    return tasks.isEmpty() && (profiles.isEmpty() || profiles.contains(profileId));
  }

  /**
   * Whether a task is among what these rights are limited to.
   *
   * @param slug the task as {@code user/profile/task}
   */
  public boolean coversTask(UUID profileId, String slug) {
    return (profiles.isEmpty() || profiles.contains(profileId))
        && (tasks.isEmpty() || tasks.contains(slug));
  }
}
