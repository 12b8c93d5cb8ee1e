package dev.errand.identity.token;

import dev.errand.base.error.ApiException;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Rights;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Finds what a new token is limited to: never more than the credential that it is made by. */
@ApplicationScoped
class TokenLimits {
  // Whoever sees a profile may limit a token to it.
  private static final Right MAKE = Right.LEAVE;

  private final ProfileAccess access;

  TokenLimits(ProfileAccess access) {
    this.access = access;
  }

  /**
   * What a token is limited to.
   *
   * @param profiles the ids of profiles; empty for all
   * @param tasks tasks as {@code user/profile/task}; empty for all
   */
  record Limits(Set<UUID> profiles, Set<String> tasks) {}

  /**
   * The limits of a new token.
   *
   * @param profiles the profiles that were asked for; empty for those of the caller's credential
   * @param tasks the tasks that were asked for; empty for those of the caller's credential
   * @throws ApiException {@link dev.errand.base.error.ErrorCode#PROFILE_NOT_FOUND}, or when the two
   *     exclude each other
   */
  Limits of(Caller caller, List<String> profiles, List<String> tasks) {
    Rights rights = caller.rights();
    Set<UUID> toProfiles = new HashSet<>();
    profiles.forEach(profile -> toProfiles.add(profile(caller, profile)));
    if (toProfiles.isEmpty()) {
      toProfiles.addAll(rights.profiles());
    }
    Set<String> toTasks = new HashSet<>();
    tasks.forEach(task -> toTasks.add(task(caller, task, toProfiles)));
    if (toTasks.isEmpty()) {
      toTasks.addAll(rights.tasks());
    }
    return new Limits(toProfiles, toTasks);
  }

  private UUID profile(Caller caller, String name) {
    String[] parts = name.split("/", -1);
    return access.requireForList(caller, new ProfileSlug(parts[0], parts[1]), MAKE).id;
  }

  private String task(Caller caller, String name, Set<UUID> toProfiles) {
    String[] parts = name.split("/", -1);
    Profile profile =
        access.requireOfTask(caller, new ProfileSlug(parts[0], parts[1]), parts[2], MAKE);
    if (!toProfiles.isEmpty() && !toProfiles.contains(profile.id)) {
      throw ApiException.invalid("tasks", "has " + name + ", which is in none of profiles");
    }
    return caller.nameOf(parts[0]) + "/" + profile.name + "/" + parts[2];
  }
}
