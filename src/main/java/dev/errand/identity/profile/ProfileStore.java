package dev.errand.identity.profile;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Column;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads, locks and pauses profiles, and reads the roles of others in them; checks no rights. */
@ApplicationScoped
public class ProfileStore {
  private final Sql sql;

  ProfileStore(Sql sql) {
    this.sql = sql;
  }

  /**
   * A profile of somebody else, which the user may or may not see.
   *
   * @param roleCode the code of the role that the user has in it; null for none
   * @param since when the user was given a role; null for none
   */
  @RegisterForReflection
  record Foreign(
      Profile profile,
      @Column(name = "profile_role") @Nullable String roleCode,
      @Column(name = "member_since") @Nullable Instant since) {
    @Nullable ProfileRole role() {
      return roleCode == null ? null : ProfileRole.of(roleCode);
    }
  }

  public Optional<Profile> find(UUID id) {
    return sql.statement(ProfileStatements.BY_ID).with("id", id).first(Profile.class);
  }

  /** The role of a user in a profile; empty where it has none. */
  Optional<ProfileRole> role(UUID accountId, UUID profileId) {
    return sql.statement(ProfileStatements.ROLE)
        .with("id", profileId)
        .with("account_id", accountId)
        .first(row -> ProfileRole.of(row.text("role")));
  }

  /**
   * The profile with that id.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} when it was deleted meanwhile
   */
  public Profile require(UUID id) {
    return find(id)
        .orElseThrow(
            () ->
                new ApiException(ErrorCode.PROFILE_NOT_FOUND, "The profile was deleted just now."));
  }

  /**
   * Locks the content of a profile for changes until the end of the transaction; other changes
   * wait. A transaction with several locks takes this one first: runs, tasks and installations come
   * after it.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} when it was deleted meanwhile
   */
  public void lock(Profile profile) {
    if (!isLocked(sql, profile.id())) {
      throw gone(profile);
    }
  }

  /** Locks the content of a profile for changes, and returns whether it still exists. */
  public static boolean isLocked(Sql sql, UUID id) {
    return sql.statement(ProfileStatements.LOCK_TO_CHANGE).with("id", id).exists();
  }

  /**
   * Locks the profiles of a user for their deletion, before their content is locked: runs that are
   * being started there are waited for, and new ones are prevented.
   */
  public void lockAllOf(UUID ownerId) {
    sql.statement(ProfileStatements.LOCK_ALL_OWN).with("account_id", ownerId).run();
  }

  /** Adds the profile that every user has; returns its id, or nothing where the user has it. */
  public Optional<UUID> addDefault(UUID ownerId) {
    UUID id = UUID.randomUUID();
    int added =
        sql.statement(ProfileStatements.ADD_DEFAULT)
            .with("id", id)
            .with("account_id", ownerId)
            .with("name", Profile.DEFAULT)
            .update();
    return added == 0 ? Optional.empty() : Optional.of(id);
  }

  private static ApiException gone(Profile profile) {
    return new ApiException(
        ErrorCode.PROFILE_NOT_FOUND, "The profile " + profile.slug() + " was deleted just now.");
  }

  /**
   * Pauses a profile, unless it is paused.
   *
   * @return since when it is
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} when it was deleted meanwhile
   */
  public Instant pause(Profile profile, Instant now) {
    return sql.statement(ProfileStatements.PAUSE)
        .with("id", profile.id())
        .with("now", now)
        .first(row -> row.time("paused_at"))
        .orElseThrow(() -> gone(profile));
  }

  /** Lets runs be started again in a profile. */
  public void resume(Profile profile) {
    sql.statement(ProfileStatements.RESUME).with("id", profile.id()).run();
  }

  public Optional<Profile> of(UUID ownerId, String name) {
    return own(ProfileStatements.OWN, ownerId, name);
  }

  /** The profile of a user that had that name. */
  Optional<Profile> renamed(UUID ownerId, String name) {
    return own(ProfileStatements.OWN_BY_ALIAS, ownerId, name);
  }

  private Optional<Profile> own(String statement, UUID ownerId, String name) {
    return sql.statement(statement)
        .with("account_id", ownerId)
        .by("name", name)
        .first(Profile.class);
  }

  /** The profiles of that user, by name. */
  List<Profile> allOf(UUID ownerId) {
    return sql.statement(ProfileStatements.ALL_OWN).with("account_id", ownerId).list(Profile.class);
  }

  /** Somebody else's profile, by its name or a former one, as a user sees it. */
  Optional<Foreign> foreign(UUID accountId, ProfileSlug profile) {
    return foreign(ProfileStatements.FOREIGN, accountId, profile)
        .or(() -> foreign(ProfileStatements.FOREIGN_BY_ALIAS, accountId, profile));
  }

  private Optional<Foreign> foreign(String statement, UUID accountId, ProfileSlug profile) {
    return sql.statement(statement)
        .by("owner", profile.user())
        .by("name", profile.name())
        .with("account_id", accountId)
        .first(Foreign.class);
  }

  /** The profile that was last shared with a user. */
  Optional<ProfileSlug> lastShared(UUID accountId) {
    return sql.statement(ProfileStatements.LAST_SHARED)
        .with("account_id", accountId)
        .first(Profile.class)
        .map(Profile::slug);
  }

  /** The profiles of a user, by name, in which another one has a role or one that includes it. */
  List<Profile> shared(UUID accountId, String owner, ProfileRole least) {
    return sql.statement(ProfileStatements.SHARED_BY)
        .with("account_id", accountId)
        .by("owner", owner)
        .with(
            "roles",
            "text",
            Arrays.stream(ProfileRole.values())
                .filter(role -> role.includes(least))
                .map(ProfileRole::code)
                .toList())
        .list(Profile.class);
  }
}
