package dev.errand.identity.auth;

import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.account.Rights;
import dev.errand.identity.account.Sessions;
import dev.errand.identity.account.UserRole;
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
      @Nullable Caller caller, @Nullable ApiException refusal, @Nullable AccessState standing) {}

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
    sql.statement(AccessStatements.NOW)
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
    AccessState standing = AccessState.of(row);
    try {
      return new Now(callerIn(row, at), null, standing);
    } catch (ApiException e) {
      return new Now(null, e, standing);
    }
  }

  private static Caller callerIn(Row row, Instant at) {
    if (row.idOrNull("session_id") != null) {
      return Sessions.callerIn(row);
    }
    return row.idOrNull("credential_id") != null
        ? Tokens.callerIn(row, at)
        : new Caller(row.id("id"), row.text("username"), Rights.of(UserRole.of(row.text("role"))));
  }

  private static boolean hasExpired(Rights.ByToken token, Instant at) {
    Instant end = token.expiresAt();
    return end != null && !end.isAfter(at);
  }

  private static Caller limited(Caller user, Rights to, Rights.ByToken by) {
    return new Caller(
        user.id(), user.username(), user.rights().of(by, to.scopes(), to.profiles(), to.tasks()));
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
      ProfileAccess.recheck(caller, part.profile(), part.task(), part.right(), now.standing);
      return Optional.empty();
    } catch (ApiException e) {
      return Optional.of(e);
    }
  }
}
