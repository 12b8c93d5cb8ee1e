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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** Finds what a new token is limited to: never more than the credential that it is made by. */
@ApplicationScoped
class TokenLimits {
  // Whoever sees a profile may limit a token to it.
  private static final Right MAKE = Right.LEAVE;

  private final ProfileAccess access;
  private final Sql sql;

  TokenLimits(ProfileAccess access, Sql sql) {
    this.access = access;
    this.sql = sql;
  }

  /**
   * What a token is limited to.
   *
   * @param profiles the ids of profiles; empty for all
   * @param tasks tasks as {@code user/profile/task}; empty for all
   */
  record Limits(Set<UUID> profiles, Set<String> tasks) {}

  /**
   * The limits of a new token. The profiles of its tasks are kept from being renamed or deleted
   * until the end of the transaction, since the names of their tasks follow only in tokens that are
   * there.
   *
   * @param profiles the profiles that were asked for; empty for those of the caller's credential
   * @param tasks the tasks that were asked for; empty for those of the caller's credential
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, or when the two exclude each other
   */
  Limits of(Caller caller, List<String> profiles, List<String> tasks) {
    Rights rights = caller.rights();
    Set<UUID> toProfiles = new HashSet<>();
    profiles.forEach(profile -> toProfiles.add(profile(caller, profile)));
    if (toProfiles.isEmpty()) {
      toProfiles.addAll(rights.profiles());
    }
    Set<String> toTasks = tasks.isEmpty() ? inherited(rights) : named(caller, tasks, toProfiles);
    return new Limits(toProfiles, toTasks);
  }

  private UUID profile(Caller caller, String name) {
    String[] parts = name.split("/", -1);
    return access.requireForList(caller, new ProfileSlug(parts[0], parts[1]), MAKE).id;
  }

  private Set<String> named(Caller caller, List<String> tasks, Set<UUID> toProfiles) {
    Map<String, UUID> profiles = new LinkedHashMap<>();
    for (String task : tasks) {
      String[] parts = task.split("/", -1);
      Profile profile =
          access.requireOfTask(caller, new ProfileSlug(parts[0], parts[1]), parts[2], MAKE);
      if (!toProfiles.isEmpty() && !toProfiles.contains(profile.id)) {
        throw ApiException.invalid("tasks", "has " + task + ", which is in none of profiles");
      }
      profiles.put(task, profile.id);
    }
    Map<UUID, String> slugs = new HashMap<>();
    sql.statement(TokenStatements.KEEP_PROFILES)
        .with("ids", "uuid", new TreeSet<>(profiles.values()))
        .each(row -> slugs.put(row.id("id"), row.text("username") + "/" + row.text("name")));
    Set<String> named = new HashSet<>();
    profiles.forEach(
        (task, id) -> {
          String slug = slugs.get(id);
          if (slug == null) {
            throw new ApiException(
                ErrorCode.PROFILE_NOT_FOUND, "The profile of " + task + " was deleted just now.");
          }
          named.add(slug + task.substring(task.lastIndexOf('/')));
        });
    return named;
  }

  // What the caller's token was limited to when the request began may have got other names since.
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
