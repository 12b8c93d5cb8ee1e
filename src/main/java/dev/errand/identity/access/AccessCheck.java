package dev.errand.identity.access;

import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Rights;
import dev.errand.identity.account.Sessions;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileAccess.Standing;
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
 * Tells for many callers at once whether they are still allowed what they were. What is true now is
 * read by one statement; what it allows is judged by the checks of a new request.
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

  /** What is read once, however many wait with the same credential for the same profile. */
  private record Asked(@Nullable UUID session, @Nullable UUID token, @Nullable UUID profile) {
    static Asked of(NeededAccess needed) {
      Rights rights = needed.caller().rights();
      Rights.ByToken token = rights.token();
      NeededAccess.InProfile part = needed.part();
      return new Asked(
          rights.session(),
          token == null ? null : token.id(),
          part == null ? null : part.profileId());
    }
  }

  /** Of a credential that is known: either whose it is, or why it is no longer taken. */
  private record Now(
      @Nullable Caller caller, @Nullable ApiException refusal, @Nullable Standing standing) {}

  /**
   * Why callers would be refused now, each as a new request would be.
   *
   * @return the refusals in the order of what is needed; empty where it is still allowed
   * @throws IllegalStateException when the database does not answer
   */
  List<Optional<ApiException>> refusals(List<NeededAccess> needed) {
    Map<Asked, Now> now = read(needed.stream().map(Asked::of).distinct().toList());
    return needed.stream().map(one -> refusal(one, now.get(Asked.of(one)))).toList();
  }

  private Map<Asked, Now> read(List<Asked> asked) {
    List<Integer> numbers = new ArrayList<>();
    List<@Nullable UUID> sessions = new ArrayList<>();
    List<@Nullable UUID> tokens = new ArrayList<>();
    List<@Nullable UUID> profiles = new ArrayList<>();
    for (Asked one : asked) {
      numbers.add(numbers.size());
      sessions.add(one.session);
      tokens.add(one.token);
      profiles.add(one.profile);
    }
    Instant at = clock.instant();
    Map<Asked, Now> found = new HashMap<>();
    sql.statement(AccessStatements.NOW)
        .with("numbers", "integer", numbers)
        .with("sessions", "uuid", sessions)
        .with("tokens", "uuid", tokens)
        .with("profiles", "uuid", profiles)
        .with("now", at)
        .within(PATIENCE)
        .each(row -> found.put(asked.get(row.integer("number")), now(row, at)));
    return found;
  }

  private static Now now(Row row, Instant at) {
    Standing standing = Standing.of(row);
    try {
      Caller caller =
          row.idOrNull("session_id") == null ? Tokens.callerIn(row, at) : Sessions.callerIn(row);
      return new Now(caller, null, standing);
    } catch (ApiException e) {
      return new Now(null, e, standing);
    }
  }

  private static Optional<ApiException> refusal(NeededAccess needed, @Nullable Now now) {
    if (now == null) {
      return Optional.of(
          needed.caller().rights().token() == null ? Sessions.unknown() : Tokens.unknown());
    }
    Caller caller = now.caller;
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
