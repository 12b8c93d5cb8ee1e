package dev.errand.identity.profile;

import dev.errand.base.database.Row;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Rights;
import dev.errand.identity.account.UserRole;
import dev.errand.identity.profile.ProfileStore.Foreign;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds profiles for callers and checks their rights there: the scope of their credential, its
 * limits, and their role in the profile. What a caller may not see is reported as not existing.
 */
@ApplicationScoped
public class ProfileAccess {
  private final ProfileStore profiles;
  private final VisitedProfile visited;

  ProfileAccess(ProfileStore profiles, VisitedProfile visited) {
    this.profiles = profiles;
    this.visited = visited;
  }

  /**
   * A profile, and what the caller may do there.
   *
   * @param role the caller's role; null for a public profile that is not shared with the caller
   * @param since when the profile was shared with the caller; null for an owner or without a role
   */
  public record Seen(Profile profile, @Nullable ProfileRole role, @Nullable Instant since) {}

  /**
   * Keeps what was read, in a request that does not change the profile itself: for a second, the
   * operations that the request calls get the profile and the caller's role from here.
   */
  public void keep(Caller caller, Seen seen) {
    if (VisitedProfile.isPossible()) {
      visited.keep(caller, seen);
    }
  }

  private @Nullable Seen kept(Caller caller, ProfileSlug slug) {
    return VisitedProfile.isPossible() ? visited.of(caller, slug).orElse(null) : null;
  }

  /**
   * A profile, for an operation that is not about one task of it.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} for a profile that the caller may not
   *     see, {@link ErrorCode#SCOPE_MISSING} or {@link ErrorCode#ROLE_MISSING}
   */
  public Profile require(Caller caller, ProfileSlug slug, Right right) {
    return requireSeen(caller, slug, right).profile();
  }

  /**
   * A profile that the caller may see, if only because it is public.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} or {@link ErrorCode#SCOPE_MISSING}
   */
  public Seen look(Caller caller, ProfileSlug slug) {
    return requireSeen(caller, slug, Right.LOOK);
  }

  /**
   * Whether the caller, who may see a profile, also has another right in it. Limits of the
   * credential are not checked.
   */
  public boolean allows(Caller caller, Profile profile, Right right) {
    if (!right.isInScope(caller)) {
      return false;
    }
    if (caller.id().equals(profile.user().id())) {
      return right.isOf(caller, ProfileRole.OWNER);
    }
    Seen known = kept(caller, profile.slug());
    return right.isOf(
        caller,
        known == null
            ? profiles.foreign(caller.id(), profile.slug()).map(Foreign::role).orElse(null)
            : known.role());
  }

  /** Whether the caller's role in a profile gives a right, whatever the credential allows. */
  public boolean hasRole(Caller caller, UUID profileId, Right right) {
    return profiles
        .role(caller.id(), profileId)
        .filter(role -> role.includes(right.role()))
        .isPresent();
  }

  /** The same as {@link #require}, with the caller's role. */
  public Seen requireSeen(Caller caller, ProfileSlug slug, Right right) {
    Seen seen = find(caller, slug, right);
    if (!caller.rights().coversProfile(seen.profile.id())) {
      throw uncovered(caller, seen.profile.id(), seen.profile.slug(), slug, null);
    }
    return seen;
  }

  /**
   * The profile of a task, for an operation on that task.
   *
   * @param task the name of the task, which need not exist
   */
  public Profile requireOfTask(Caller caller, ProfileSlug slug, String task, Right right) {
    Profile profile = find(caller, slug, right).profile;
    checkTask(caller, profile, slug, task);
    return profile;
  }

  /**
   * Checks that the caller's credential is not limited to other tasks.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, or {@link ErrorCode#SCOPE_MISSING}
   *     where it is limited to other tasks of this profile
   */
  public void checkTask(Caller caller, Profile profile, ProfileSlug slug, String task) {
    if (!coversTask(caller, profile, slug, task)) {
      throw uncovered(caller, profile.id(), profile.slug(), slug, task);
    }
  }

  // Who has a token for a part of a profile knows that the profile exists.
  private static ApiException uncovered(
      Caller caller, UUID profileId, ProfileSlug now, ProfileSlug slug, @Nullable String task) {
    List<String> tasks = caller.rights().coversPartOf(profileId) ? tasksOf(caller, now) : List.of();
    if (tasks.isEmpty()) {
      return notFound(slug);
    }
    String limit =
        tasks.size() == 1
            ? "the task " + now + "/" + tasks.getFirst()
            : tasks.size() + " tasks of " + now;
    return new ApiException(
        ErrorCode.SCOPE_MISSING,
        "This token is limited to %s, and this request is about %s: use a token that covers it."
            .formatted(limit, task == null ? "the profile" : "the task " + task));
  }

  /** Whether the caller's credential is not limited to other tasks. */
  public static boolean coversTask(Caller caller, Profile profile, ProfileSlug slug, String task) {
    return caller
        .rights()
        .coversTask(profile.id(), caller.nameOf(slug.user()) + "/" + profile.name() + "/" + task);
  }

  /** The tasks of a profile that the caller's credential is limited to; empty for no limit. */
  public static List<String> tasksOf(Caller caller, Profile profile) {
    return tasksOf(caller, profile.slug());
  }

  private static List<String> tasksOf(Caller caller, ProfileSlug profile) {
    String prefix = profile + "/";
    return caller.rights().tasks().stream()
        .filter(task -> task.startsWith(prefix))
        .map(task -> task.substring(prefix.length()))
        .toList();
  }

  /**
   * A profile that is listed, or whose tasks are: a credential that is limited to tasks sees the
   * profiles of these tasks, but only these tasks in them.
   */
  public Profile requireForList(Caller caller, ProfileSlug slug, Right right) {
    return requireSeenForList(caller, slug, right).profile;
  }

  /** The same as {@link #requireForList}, with the caller's role. */
  public Seen requireSeenForList(Caller caller, ProfileSlug slug, Right right) {
    Seen seen = find(caller, slug, right);
    Profile profile = seen.profile;
    Rights rights = caller.rights();
    String prefix = caller.nameOf(slug.user()) + "/" + profile.name() + "/";
    if (!rights.coversPartOf(profile.id())
        || (!rights.tasks().isEmpty()
            && rights.tasks().stream().noneMatch(task -> task.startsWith(prefix)))) {
      throw notFound(slug);
    }
    return seen;
  }

  private Seen find(Caller caller, ProfileSlug slug, Right right) {
    Seen known = kept(caller, slug);
    if (known != null) {
      if (known.role() == ProfileRole.OWNER && caller.is(slug.user())) {
        right.requireScope(caller);
      } else {
        check(caller, slug, right, known.profile().isPublic(), known.role());
      }
      return known;
    }
    if (caller.is(slug.user())) {
      right.requireScope(caller);
      return new Seen(own(caller, slug), ProfileRole.OWNER, null);
    }
    Foreign foreign = profiles.foreign(caller.id(), slug).orElseThrow(() -> notFound(slug));
    check(caller, slug, right, foreign.profile().isPublic(), foreign.role());
    return new Seen(foreign.profile(), foreign.role(), foreign.since());
  }

  private static void check(
      Caller caller, ProfileSlug slug, Right right, boolean isPublic, @Nullable ProfileRole role) {
    if (role == null && !isPublic) {
      throw notFound(slug);
    }
    right.requireScope(caller);
    if (role == null ? right != Right.LOOK : !role.includes(right.role())) {
      throw new ApiException(
          ErrorCode.ROLE_MISSING,
          "This needs the role `%s` in %s, where you %s: ask an owner of the profile for it."
              .formatted(
                  right.role().code(),
                  slug,
                  role == null ? "have none" : "are `" + role.code() + "`"));
    }
  }

  /**
   * A profile and the caller's role in it, as they were read to check an open request again.
   *
   * @param slug its present owner and name
   * @param isPublic whether everybody may see that it exists
   * @param role the caller's role; null for none
   */
  public record AccessState(
      UUID profileId, ProfileSlug slug, boolean isPublic, @Nullable ProfileRole role) {
    /**
     * Reads it from the columns {@code profile_id}, {@code owner}, {@code profile}, {@code
     * is_public} and {@code profile_role}; null where there is no such profile.
     */
    public static @Nullable AccessState of(Row row) {
      UUID id = row.idOrNull("profile_id");
      String role = row.textOrNull("profile_role");
      return id == null
          ? null
          : new AccessState(
              id,
              new ProfileSlug(row.text("owner"), row.text("profile")),
              row.flag("is_public"),
              role == null ? null : ProfileRole.of(role));
    }
  }

  /**
   * Makes the checks of {@link #require} and {@link #requireOfTask} on data that was read already.
   *
   * @param task the name of the task that the operation is about; null where it is about none
   * @param now the profile as it is now; null where it no longer exists
   */
  public static void recheck(
      Caller caller,
      ProfileSlug slug,
      @Nullable String task,
      Right right,
      @Nullable AccessState now) {
    if (now == null) {
      throw notFound(slug);
    }
    check(caller, slug, right, now.isPublic, now.role);
    boolean isCovered =
        task == null
            ? caller.rights().coversProfile(now.profileId)
            : caller.rights().coversTask(now.profileId, now.slug + "/" + task);
    if (!isCovered) {
      throw uncovered(caller, now.profileId, now.slug, slug, task);
    }
  }

  private Profile own(Caller caller, ProfileSlug slug) {
    return profiles
        .of(caller.id(), slug.name())
        .or(() -> profiles.renamed(caller.id(), slug.name()))
        .orElseThrow(() -> notFound(slug));
  }

  /** Whether a profile has that name, or had it before it was renamed and no other one has it. */
  public boolean isNamed(Profile profile, String name) {
    return name.equals(profile.name())
        || profiles
            .renamed(profile.user().id(), name)
            .filter(renamed -> renamed.id().equals(profile.id()))
            .isPresent();
  }

  /**
   * The profiles of a user in which the caller has a role, by name: all of the caller's own, or
   * those of somebody else that are shared with the caller.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} when none of somebody else is shared,
   *     or {@link ErrorCode#SCOPE_MISSING}
   */
  public List<Profile> allOf(Caller caller, String user, Right right) {
    if (caller.is(user)) {
      right.requireScope(caller);
      return profiles.allOf(caller.id());
    }
    List<Profile> shared = profiles.shared(caller.id(), user, right.role());
    if (shared.isEmpty()) {
      throw new ApiException(
          ErrorCode.PROFILE_NOT_FOUND, "There are no profiles of " + user + " that you may use.");
    }
    right.requireScope(caller);
    return shared;
  }

  /** The profile that was last shared with the caller; empty where none is. */
  public Optional<ProfileSlug> lastShared(Caller caller) {
    return profiles.lastShared(caller.id());
  }

  /** A profile with its owner, who is the caller of all actions of a run in the profile. */
  public record OwnedProfile(Caller caller, ProfileSlug profile) {}

  /** The profile with that id, and its owner. */
  public OwnedProfile ownedProfile(UUID profileId) {
    Profile profile = profiles.find(profileId).orElseThrow();
    return new OwnedProfile(
        new Caller(profile.user().id(), profile.user().username(), Rights.of(UserRole.MEMBER)),
        profile.slug());
  }

  static ApiException notFound(ProfileSlug profile) {
    return new ApiException(
        ErrorCode.PROFILE_NOT_FOUND, "There is no profile " + profile + " that you may use.");
  }
}
