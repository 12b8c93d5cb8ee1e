package dev.errand.identity.user;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.field.NameRule;
import dev.errand.identity.account.User;

/** What the first person chooses. */
public record SetUpRequest(String username, String password) {
  /**
   * Checks both.
   *
   * @throws ApiException {@code invalid_request}, which names all that is wrong
   */
  void check() {
    InvalidFields wrong = new InvalidFields();
    wrong.add(() -> checkName(username));
    wrong.add(new InvitationRequest(password)::check);
    wrong.refuse();
  }

  private static void checkName(String name) {
    NameRule.PLAIN.check("username", "is", name);
    if (UserChanges.isReserved(name)) {
      throw ApiException.invalid("username", "is reserved for servlets that belong to no user");
    }
    if (name.equalsIgnoreCase(User.ADMIN) && !name.equals(User.ADMIN)) {
      throw ApiException.invalid(
          "username", "must differ from admin in more than upper and lower case, or be admin");
    }
  }

  @Override
  public String toString() {
    return "SetUpRequest[%s]".formatted(username);
  }
}
