package dev.errand.identity.account;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a credential allows its user to do. It never allows what the user may not do.
 *
 * @param profiles the profiles that it is limited to; empty for all of the user's
 * @param tasks the tasks that it is limited to, as {@code user/profile/task}; empty for all
 * @param token the token that it is; null for a session, and for work of the process itself
 * @param session the id of the session that it is; null for a token, and for work of the process
 *     itself
 * @param client the program that acts for the user, such as {@code run ada/default/digest/monday};
 *     null where the user does it
 */
public record Rights(
    Set<Scope> scopes,
    Set<UUID> profiles,
    Set<String> tasks,
    @Nullable ByToken token,
    @Nullable UUID session,
    @Nullable String client) {
  private static final Set<Scope> OF_MEMBERS =
      Set.copyOf(EnumSet.complementOf(EnumSet.of(Scope.ADMIN)));
  private static final Rights MEMBER = all(OF_MEMBERS);
  private static final Rights ADMIN = all(Set.copyOf(EnumSet.allOf(Scope.class)));

  /**
   * The token by which a request is authenticated.
   *
   * @param name what its user calls it; null for one that the user has not created
   * @param expiresAt when it ends; null for never
   */
  public record ByToken(
      UUID id, @Nullable String name, @Nullable Instant expiresAt, TokenKind kind) {
    /** A token that the user has created. */
    public ByToken(UUID id, @Nullable String name, @Nullable Instant expiresAt) {
      this(id, name, expiresAt, TokenKind.MADE);
    }

    /** A token of an OAuth client. */
    public ByToken(UUID id, @Nullable Instant expiresAt, TokenKind kind) {
      this(id, null, expiresAt, kind);
    }
  }

  /** The origin of a token. */
  public enum TokenKind {
    /** The user has created it here. */
    MADE,
    /**
     * An access token, which the user has granted to an OAuth client here; its id is the grant's.
     */
    GRANTED,
    /** An access token of another authorization server, of which nothing is stored here. */
    ISSUED
  }

  private static Rights all(Set<Scope> scopes) {
    return new Rights(scopes, Set.of(), Set.of(), null, null, null);
  }

  /** All that a user of that role may do, as a session allows it. */
  public static Rights of(UserRole role) {
    return switch (role) {
      case ADMIN -> ADMIN;
      case MEMBER -> MEMBER;
    };
  }

  /**
   * The part of these rights that a token of the same user allows.
   *
   * @param toProfiles the profiles that it is limited to; empty for all
   * @param toTasks the tasks that it is limited to; empty for all
   */
  public Rights of(ByToken byToken, Set<Scope> given, Set<UUID> toProfiles, Set<String> toTasks) {
    EnumSet<Scope> both = EnumSet.noneOf(Scope.class);
    both.addAll(given);
    both.retainAll(scopes);
    return new Rights(
        Set.copyOf(both), Set.copyOf(toProfiles), Set.copyOf(toTasks), byToken, null, client);
  }

  /** The same rights, used by a session. */
  public Rights bySession(UUID id) {
    return new Rights(scopes, profiles, tasks, token, id, client);
  }

  /** The same rights, used by a program that acts for the user. */
  public Rights byClient(String program) {
    return new Rights(scopes, profiles, tasks, token, session, program);
  }

  /** Whether they were granted to an OAuth client, which can ask the user for more. */
  public boolean areGranted() {
    return token != null && token.kind() != TokenKind.MADE;
  }

  /** The same with more scopes: what they would be if the user granted these as well. */
  public Rights with(Set<Scope> more) {
    EnumSet<Scope> all = EnumSet.noneOf(Scope.class);
    all.addAll(scopes);
    all.addAll(more);
    return new Rights(Set.copyOf(all), profiles, tasks, token, session, client);
  }

  /** Whether these rights are limited to some profiles or tasks. */
  public boolean isLimited() {
    return !profiles.isEmpty() || !tasks.isEmpty();
  }

  /** Whether these rights cover the profile as a whole. */
  public boolean coversProfile(UUID profileId) {
    return tasks.isEmpty() && coversPartOf(profileId);
  }

  /** Whether these rights cover the profile, though perhaps not all of its tasks. */
  public boolean coversPartOf(UUID profileId) {
    return profiles.isEmpty() || profiles.contains(profileId);
  }

  /**
   * Whether these rights cover a task.
   *
   * @param slug the task as {@code user/profile/task}
   */
  public boolean coversTask(UUID profileId, String slug) {
    return coversPartOf(profileId) && (tasks.isEmpty() || tasks.contains(slug));
  }
}
