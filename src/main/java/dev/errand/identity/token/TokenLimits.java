package dev.errand.identity.token;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Rights;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Determines the limits of a new token, which never exceed those of the credential that creates it.
 */
@ApplicationScoped
class TokenLimits {
  // A user who sees a profile may limit a token to it.
  private static final Right MAKE = Right.LEAVE;

  private final ProfileAccess access;
  private final ExistingTasks existing;
  private final Sql sql;

  TokenLimits(ProfileAccess access, ExistingTasks existing, Sql sql) {
    this.access = access;
    this.existing = existing;
    this.sql = sql;
  }

  /**
   * The limits of a token.
   *
   * @param profiles the ids of profiles; empty for all
   * @param tasks tasks as {@code user/profile/task}; empty for all
   * @param unknown those of the requested tasks that do not exist
   */
  record Limits(Set<UUID> profiles, Set<String> tasks, List<String> unknown) {}

  private record Named(Set<String> tasks, List<String> unknown) {}

  /**
   * The limits of a new token. The profiles of its tasks are locked against renaming and deletion
   * until the end of the transaction, since a rename updates only tokens that are already stored.
   *
   * @param profiles the requested profiles; empty for those of the caller's credential
   * @param tasks the requested tasks; empty for those of the caller's credential
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, or when the two exclude each other
   */
  Limits of(Caller caller, List<String> profiles, List<String> tasks) {
    Rights rights = caller.rights();
    Set<UUID> toProfiles = new HashSet<>();
    profiles.forEach(profile -> toProfiles.add(profile(caller, profile)));
    if (toProfiles.isEmpty()) {
      toProfiles.addAll(rights.profiles());
    }
    if (tasks.isEmpty()) {
      return new Limits(toProfiles, inherited(rights), List.of());
    }
    Named named = named(caller, tasks, toProfiles);
    return new Limits(toProfiles, named.tasks, named.unknown);
  }

  private UUID profile(Caller caller, String name) {
    String[] parts = name.split("/", -1);
    return access.requireForList(caller, new ProfileSlug(parts[0], parts[1]), MAKE).id();
  }

  private Named named(Caller caller, List<String> tasks, Set<UUID> toProfiles) {
    Map<String, UUID> profiles = new LinkedHashMap<>();
    for (String task : tasks) {
      String[] parts = task.split("/", -1);
      Profile profile =
          access.requireOfTask(caller, new ProfileSlug(parts[0], parts[1]), parts[2], MAKE);
      if (!toProfiles.isEmpty() && !toProfiles.contains(profile.id())) {
        throw ApiException.invalid("tasks", "has " + task + ", which is in none of profiles");
      }
      profiles.put(task, profile.id());
    }
    Map<UUID, String> slugs = new HashMap<>();
    sql.statement(TokenStatements.KEEP_PROFILES)
        .with("ids", "uuid", new TreeSet<>(profiles.values()))
        .each(row -> slugs.put(row.id("id"), row.text("username") + "/" + row.text("name")));
    Set<String> named = new HashSet<>();
    List<String> unknown = new ArrayList<>();
    profiles.forEach(
        (task, id) -> {
          String slug = slugs.get(id);
          if (slug == null) {
            throw new ApiException(
                ErrorCode.PROFILE_NOT_FOUND, "The profile of " + task + " was deleted just now.");
          }
          String name = task.substring(task.lastIndexOf('/') + 1);
          named.add(slug + "/" + name);
          if (!existing.is(id, name)) {
            unknown.add(slug + "/" + name);
          }
        });
    return new Named(named, unknown);
  }

  // Tasks to which the caller's token is limited may have been renamed since the request began.
  private Set<String> inherited(Rights rights) {
    Rights.ByToken by = rights.token();
    Set<String> now = rights.tasks();
    if (by == null || now.isEmpty()) {
      return now;
    }
    Set<String> kept;
    do {
      kept = now;
      sql.statement(TokenStatements.KEEP_PROFILES_OF_TASKS).with("tasks", "text", kept).run();
      now =
          sql.statement(TokenStatements.TASKS)
              .with("id", by.id())
              .first(row -> Set.copyOf(row.texts("tasks")))
              .filter(tasks -> !tasks.isEmpty())
              .orElseThrow(
                  () ->
                      new ApiException(
                          ErrorCode.UNAUTHENTICATED, "The token was revoked: use another one."));
    } while (!now.equals(kept));
    return now;
  }
}
