package dev.errand.identity.account;

import dev.errand.base.database.Row;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import java.security.Principal;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The user on whose behalf an operation runs. Services receive it with each call and check what the
 * user may do, whether the call is a request or comes from within the process.
 */
public record Caller(UUID id, String username, Rights rights) implements Principal {
  private static final String SELF = "~";

  /** A user with the rights of their role, from the columns id, username and role. */
  public static Caller of(Row row) {
    return of(row.id("id"), row);
  }

  /** A user with the rights of their role, from the columns username and role. */
  public static Caller of(UUID id, Row row) {
    return new Caller(id, row.text("username"), Rights.of(UserRole.of(row.text("role"))));
  }

  @Override
  public String getName() {
    return username;
  }

  /** The same user, for whom a program acts. */
  public Caller byClient(String program) {
    return new Caller(id, username, rights.byClient(program));
  }

  /** The same user, by a session. */
  public Caller bySession(UUID session) {
    return new Caller(id, username, rights.bySession(session));
  }

  /** The same user, by a token; see {@link Rights#of(Rights.ByToken, Set, Set, Set)}. */
  public Caller byToken(
      Rights.ByToken token, Set<Scope> scopes, Set<UUID> profiles, Set<String> tasks) {
    return new Caller(id, username, rights.of(token, scopes, profiles, tasks));
  }

  /** The name of the user that an address names; {@code ~} is the caller. */
  public String nameOf(String user) {
    return user.equals(SELF) ? username : user;
  }

  /** Whether an address that names this user names the caller. */
  public boolean is(String user) {
    return nameOf(user).equals(username);
  }

  /**
   * Checks the scopes of the caller's credential.
   *
   * @throws ApiException {@link ErrorCode#SCOPE_MISSING}
   */
  public void require(Scope... any) {
    for (Scope scope : any) {
      if (rights.scopes().contains(scope)) {
        return;
      }
    }
    String wanted =
        Arrays.stream(any)
            .distinct()
            .map(scope -> "`" + scope.code() + "`")
            .collect(Collectors.joining(" or "));
    throw new ApiException(
        ErrorCode.SCOPE_MISSING,
        any.length == 1 && any[0] == Scope.ADMIN && rights.token() == null
            ? "This needs the scope " + wanted + ", which only users with the role `admin` have."
            : "This needs the scope " + wanted + ": use a token that has it.");
  }

  /**
   * Checks the scopes of a credential for what belongs to the user as a whole, such as sessions and
   * the password.
   *
   * @throws ApiException {@link ErrorCode#SCOPE_MISSING}, also where the credential is limited to
   *     some profiles or tasks
   */
  public void requireUnlimited(Scope scope) {
    require(scope);
    if (rights.isLimited()) {
      throw new ApiException(
          ErrorCode.SCOPE_MISSING,
          "This token is limited to profiles or tasks, but this request is about the user: use a session, or"
              + " a token without limits.");
    }
  }
}
