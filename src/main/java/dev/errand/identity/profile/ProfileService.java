package dev.errand.identity.profile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.http.Paging.Part;
import dev.errand.base.http.Precondition;
import dev.errand.base.json.Json;
import dev.errand.base.json.MergePatch;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Scope;
import dev.errand.identity.account.User;
import dev.errand.identity.account.Users;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.profile.ProfileAccess.Seen;
import dev.errand.identity.profile.ProfileStore.Foreign;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import java.util.UUID;

/** Lists, creates, changes and deletes profiles. */
@ApplicationScoped
public class ProfileService {
  private final ProfileAccess access;
  private final Sql sql;
  private final Json json;
  private final Clock clock;
  private final ProfileConfig config;
  // ProfileCreated, ProfileRenamed and ProfileDeletion.
  private final Event<Object> events;
  private final Audit audit;
  private final Precondition precondition;

  ProfileService(
      ProfileAccess access,
      Sql sql,
      Json json,
      Clock clock,
      ProfileConfig config,
      Event<Object> events,
      Audit audit,
      Precondition precondition) {
    this.access = access;
    this.sql = sql;
    this.json = json;
    this.clock = clock;
    this.config = config;
    this.events = events;
    this.audit = audit;
    this.precondition = precondition;
  }

  /**
   * Some of the profiles of a user, by name: all of the caller's own, and those of somebody else
   * that are public or shared with the caller.
   */
  @Transactional
  public List<ProfileView> listOf(Caller caller, String user, Part part) {
    return list(
        caller, part, sql.statement(ProfileStatements.OF_USER).by("username", caller.nameOf(user)));
  }

  /** Some of the public profiles of all users, by user and name. */
  @Transactional
  public List<ProfileView> listPublic(Caller caller, Part part) {
    return list(caller, part, sql.statement(ProfileStatements.PUBLIC));
  }

  /** Some of the profiles that others share with the caller, by user and name. */
  @Transactional
  public List<ProfileView> listShared(Caller caller, Part part) {
    return list(caller, part, sql.statement(ProfileStatements.SHARED));
  }

  private static List<ProfileView> list(Caller caller, Part part, SqlStatement statement) {
    caller.require(Scope.READ);
    int slash = part.after().indexOf('/');
    return statement
        .with("caller", caller.id())
        .with("after_user", slash < 0 ? "" : part.after().substring(0, slash))
        .with("after_name", part.after().substring(slash + 1))
        .with("profiles", "uuid", caller.rights().profiles())
        .with("tasks", "text", caller.rights().tasks())
        .with("most", part.read())
        .list(Foreign.class)
        .stream()
        .map(listed -> ProfileView.of(listed.profile(), listed.role()))
        .toList();
  }

  /**
   * A profile that the caller may see.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}
   */
  @Transactional
  public ProfileView get(Caller caller, ProfileSlug profile) {
    Seen seen = access.requireSeenForList(caller, profile, Right.LOOK);
    return ProfileView.of(seen.profile(), seen.role());
  }

  /**
   * Creates a profile of the caller, in which nothing is installed.
   *
   * @throws ApiException {@link ErrorCode#ALREADY_EXISTS}, {@link ErrorCode#TOO_MANY_PROFILES},
   *     {@link ErrorCode#PROFILE_NOT_FOUND} for a profile of somebody else, {@link
   *     ErrorCode#SCOPE_MISSING}, also for a credential that is limited, or when the request is not
   *     valid
   */
  @Transactional
  public ProfileView create(Caller caller, ProfileSlug slug, ProfileRequest wanted) {
    if (!caller.is(slug.user())) {
      throw new ApiException(
          ErrorCode.PROFILE_NOT_FOUND, "You can only create your own profiles, in ~/.");
    }
    caller.requireUnlimited(Scope.WRITE);
    InvalidFields wrong = new InvalidFields();
    String name = wrong.read(() -> ProfileRequest.checkedName(slug.name()), "");
    if (wanted.name() != null && !wanted.name().equals(name)) {
      wrong.add(ApiException.invalid("name", "differs from the name in the address"));
    }
    wrong.add(wanted::check);
    wrong.refuse();
    Users.lock(sql, caller.id());
    checkFree(caller, name);
    StoredProfile profile = StoredProfile.of(caller.id(), clock.instant());
    profile.set(name, wanted, profile.createdAt);
    profile.persistAndFlush();
    dropAlias(caller.id(), name);
    events.fire(new ProfileCreated(profile.id));
    User owner = new User(caller.id(), caller.username(), null);
    ProfileView made = ProfileView.of(profile.snapshot(owner), ProfileRole.OWNER);
    audit.record(caller, AuditAction.PROFILE_CREATED, path(made), null, made);
    return made;
  }

  /**
   * Changes the fields of a profile that a patch names. A profile that gets another name can be
   * addressed by its former one until another profile has that.
   *
   * @param patch a JSON Merge Patch (RFC 7396) to what is shown of the profile
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, {@link ErrorCode#ROLE_MISSING} for
   *     others than owners, {@link ErrorCode#ALREADY_EXISTS}, or when the result is not valid
   */
  @Transactional
  public ProfileView patch(Caller caller, ProfileSlug slug, ObjectNode patch) {
    Seen seen = access.requireSeen(caller, slug, Right.OWN);
    User owner = seen.profile().user();
    Users.lock(sql, owner.id());
    // Another change may have been faster.
    StoredProfile profile =
        StoredProfile.<StoredProfile>findByIdOptional(
                seen.profile().id(), LockModeType.PESSIMISTIC_WRITE)
            .orElseThrow(() -> ProfileAccess.notFound(slug));
    // A merge drops fields that the patch sets to null, even unknown ones.
    var _ = json.request(patch, ProfileRequest.class);
    ProfileView shown = ProfileView.of(profile.snapshot(owner), seen.role());
    precondition.check(shown);
    ProfileRequest wanted =
        json.request(
            MergePatch.apply((ObjectNode) json.tree(json.write(shown)), patch),
            ProfileRequest.class);
    wanted.check();
    String before = profile.name;
    String name = ProfileRequest.checkedName(wanted.name());
    if (!name.equals(before)) {
      checkRename(owner.id(), before, name);
      dropAlias(owner.id(), name);
    }
    profile.set(name, wanted, clock.instant());
    StoredProfile.flush();
    if (!name.equals(before)) {
      sql.statement(ProfileStatements.ADD_ALIAS)
          .with("account_id", owner.id())
          .with("name", before)
          .with("profile_id", profile.id)
          .run();
      String user = owner.username();
      events.fire(new ProfileRenamed(new ProfileSlug(user, before), new ProfileSlug(user, name)));
    }
    ProfileView after = ProfileView.of(profile.snapshot(owner), seen.role());
    audit.record(caller, AuditAction.PROFILE_CHANGED, path(after), shown, after);
    return after;
  }

  private static String path(ProfileView profile) {
    return "profiles/" + profile.slug();
  }

  private void checkRename(UUID owner, String before, String name) {
    if (before.equals(Profile.DEFAULT)) {
      throw ApiException.invalid(
          "name", "of the profile `default` can't be changed: every user has it");
    }
    if (names(owner).contains(name)) {
      throw exists(name);
    }
  }

  /**
   * Deletes a profile with what is in it: tasks, their runs, schedules and triggers, installations.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, {@link ErrorCode#ROLE_MISSING} for
   *     others than owners, {@link ErrorCode#PROFILE_HAS_LIVE_RUNS} without force, or for the
   *     profile {@code default}
   */
  @Transactional
  public void delete(Caller caller, ProfileSlug slug, boolean force) {
    Profile profile = access.require(caller, slug, Right.OWN);
    if (profile.name().equals(Profile.DEFAULT)) {
      throw ApiException.invalid("profile", "`default` can't be deleted: every user has it");
    }
    // The user is locked before the profile, as a rename does.
    Users.lock(sql, profile.user().id());
    if (!sql.statement(ProfileStatements.LOCK).with("id", profile.id()).exists()) {
      throw ProfileAccess.notFound(slug);
    }
    precondition.check(StoredProfile.<StoredProfile>findByIdOptional(profile.id()).orElse(null));
    events.fire(new ProfileDeletion(profile.id(), profile.slug(), force));
    StoredProfile.delete("id", profile.id());
    ProfileView before = ProfileView.of(profile, null);
    audit.record(caller, AuditAction.PROFILE_DELETED, path(before), before, null);
  }

  private void checkFree(Caller caller, String name) {
    List<String> names = names(caller.id());
    if (names.size() >= config.perUser()) {
      throw new ApiException(
          ErrorCode.TOO_MANY_PROFILES,
          "You have %d profiles, the limit set by errand.profiles.per-user: delete some."
              .formatted(names.size()));
    }
    if (names.contains(name)) {
      throw exists(name);
    }
  }

  private List<String> names(UUID ownerId) {
    return sql.statement(ProfileStatements.NAMES)
        .with("account_id", ownerId)
        .list(row -> row.text("name"));
  }

  private void dropAlias(UUID ownerId, String name) {
    sql.statement(ProfileStatements.DELETE_ALIAS)
        .with("account_id", ownerId)
        .with("name", name)
        .run();
  }

  private static ApiException exists(String name) {
    return new ApiException(
        ErrorCode.ALREADY_EXISTS, "There is a profile " + name + " already: change it by PATCH.");
  }
}
