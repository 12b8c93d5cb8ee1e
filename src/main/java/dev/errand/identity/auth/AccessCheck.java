package dev.errand.identity.auth;

import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.account.Rights;
import dev.errand.identity.account.Sessions;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileAccess.AccessState;
import dev.errand.identity.token.Tokens;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Checks for many callers at once whether they are still allowed what they were. One statement
 * reads the present state; it is judged by the same checks as a new request.
 */
@ApplicationScoped
class AccessCheck {
  /**
   * For each requested credential and profile: the credential's user, and the user's role in the
   * profile. A credential that has ended, or whose user may not sign in, has no row; expired tokens
   * have one, so that the error can say so. An access token is found by the id of its grant: the
   * end of the grant ends the request, the end of the access token alone does not. One of another
   * authorization server is found by its user, since nothing of it is stored. Each row is looked up
   * by a unique index: the limits keep the planner from joining whole tables that statistics report
   * as small.
   */
  static final String NOW =
      """
      SELECT asked.number, account.id, account.username, account.role, session.id AS session_id,
        coalesce(session.id, token.id) AS credential_id, token.name AS credential_name,
        token.scopes AS credential_scopes,
        token.profile_ids::text[] AS credential_profiles, token.tasks AS credential_tasks,
        token.expires_at AS credential_expires_at,
        profile.id AS profile_id, profile.name AS profile, profile.is_public,
        owner.username AS owner,
        CASE WHEN profile.account_id = account.id THEN 'owner' ELSE member.role END AS profile_role
      FROM unnest(:numbers::integer[], :sessions::uuid[], :tokens::uuid[], :accounts::uuid[],
          :profiles::uuid[])
        AS asked (number, session_id, token_id, account_id, profile_id)
      LEFT JOIN LATERAL (
        SELECT id, account_id FROM session
        WHERE session.id = asked.session_id AND (expires_at IS NULL OR expires_at > :now)
        LIMIT 1) AS session ON true
      LEFT JOIN LATERAL (
        SELECT id, account_id, name, scopes, profile_ids, tasks, expires_at FROM token
        WHERE token.id = asked.token_id
        UNION ALL
        SELECT id, account_id, NULL, scopes, profile_ids, NULL, NULL FROM oauth_grant
        WHERE oauth_grant.id = asked.token_id AND expires_at > :now
        LIMIT 1) AS token ON true
      CROSS JOIN LATERAL (
        SELECT id, username, role FROM account
        WHERE account.id = coalesce(session.account_id, token.account_id, asked.account_id)
          AND disabled_at IS NULL
        LIMIT 1) AS account
      LEFT JOIN LATERAL (
        SELECT id, account_id, name, is_public FROM profile
        WHERE profile.id = asked.profile_id LIMIT 1) AS profile ON true
      LEFT JOIN LATERAL (
        SELECT username FROM account WHERE account.id = profile.account_id LIMIT 1) AS owner ON true
      LEFT JOIN LATERAL (
        SELECT exact_role AS role FROM profile_member
        WHERE profile_member.profile_id = profile.id AND profile_member.account_id = account.id
        LIMIT 1) AS member ON true
      """;

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Sql sql;
  private final Clock clock;

  AccessCheck(Sql sql, Clock clock) {
    this.sql = sql;
    this.clock = clock;
  }

  /** A credential and a profile; read once, however many open requests share them. */
  private record Asked(
      @Nullable UUID session,
      @Nullable UUID token,
      @Nullable UUID account,
      @Nullable UUID profile) {
    static Asked of(NeededAccess needed) {
      Rights rights = needed.caller().rights();
      Rights.ByToken token = rights.token();
      NeededAccess.InProfile part = needed.part();
      boolean isIssued = issued(needed).isPresent();
      return new Asked(
          rights.session(),
          token == null || isIssued ? null : token.id(),
          isIssued ? needed.caller().id() : null,
          part == null ? null : part.profileId());
    }
  }

  /** The access token of another authorization server, of which only the user is stored. */
  private static Optional<Rights.ByToken> issued(NeededAccess needed) {
    return Optional.ofNullable(needed.caller().rights().token())
        .filter(token -> token.kind() == Rights.TokenKind.ISSUED);
  }

  /** The present state of a known credential: either its user, or why it is no longer accepted. */
  private record Now(
      @Nullable Caller caller, @Nullable ApiException refusal, @Nullable AccessState state) {}

  /**
   * Why a new request of each caller would be refused now.
   *
   * @return the refusals in the order of what is needed; empty where it is still allowed
   * @throws IllegalStateException when the database is unreachable
   */
  List<Optional<ApiException>> refusals(List<NeededAccess> needed) {
    Map<Asked, Now> now = read(needed.stream().map(Asked::of).distinct().toList());
    Instant at = clock.instant();
    return needed.stream().map(one -> refusal(one, now.get(Asked.of(one)), at)).toList();
  }

  private Map<Asked, Now> read(List<Asked> asked) {
    List<Integer> numbers = new ArrayList<>();
    List<@Nullable UUID> sessions = new ArrayList<>();
    List<@Nullable UUID> tokens = new ArrayList<>();
    List<@Nullable UUID> accounts = new ArrayList<>();
    List<@Nullable UUID> profiles = new ArrayList<>();
    for (Asked one : asked) {
      numbers.add(numbers.size());
      sessions.add(one.session);
      tokens.add(one.token);
      accounts.add(one.account);
      profiles.add(one.profile);
    }
    Instant at = clock.instant();
    Map<Asked, Now> found = new HashMap<>();
    sql.statement(NOW)
        .with("numbers", "integer", numbers)
        .with("sessions", "uuid", sessions)
        .with("tokens", "uuid", tokens)
        .with("accounts", "uuid", accounts)
        .with("profiles", "uuid", profiles)
        .with("now", at)
        .within(PATIENCE)
        .each(row -> found.put(asked.get(row.integer("number")), now(row, at)));
    return found;
  }

  private static Now now(Row row, Instant at) {
    AccessState state = AccessState.of(row);
    try {
      return new Now(callerIn(row, at), null, state);
    } catch (ApiException e) {
      return new Now(null, e, state);
    }
  }

  private static Caller callerIn(Row row, Instant at) {
    if (row.idOrNull("session_id") != null) {
      return Sessions.callerIn(row);
    }
    return row.idOrNull("credential_id") != null ? Tokens.callerIn(row, at) : Caller.of(row);
  }

  private static boolean hasExpired(Rights.ByToken token, Instant at) {
    Instant end = token.expiresAt();
    return end != null && !end.isAfter(at);
  }

  private static Caller limited(Caller user, Rights to, Rights.ByToken by) {
    return user.byToken(by, to.scopes(), to.profiles(), to.tasks());
  }

  private static Optional<ApiException> refusal(
      NeededAccess needed, @Nullable Now now, Instant at) {
    Optional<Rights.ByToken> issued = issued(needed);
    if (now == null) {
      return Optional.of(
          needed.caller().rights().token() == null ? Sessions.unknown() : Tokens.unknown());
    }
    if (issued.filter(token -> hasExpired(token, at)).isPresent()) {
      return Optional.of(CurrentCaller.unauthenticated("The access token has expired."));
    }
    Caller caller = now.caller;
    if (caller != null && issued.isPresent()) {
      caller = limited(caller, needed.caller().rights(), issued.get());
    }
    NeededAccess.InProfile part = needed.part();
    if (caller == null || part == null) {
      return Optional.ofNullable(now.refusal);
    }
    try {
      ProfileAccess.recheck(caller, part.profile(), part.task(), part.right(), now.state);
      return Optional.empty();
    } catch (ApiException e) {
      return Optional.of(e);
    }
  }
}
