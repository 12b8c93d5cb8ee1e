package dev.errand.adapters.console.admin;

import dev.errand.adapters.console.admin.UserListView.UserForm;
import dev.errand.adapters.console.page.Choice;
import dev.errand.adapters.console.page.Texts;
import dev.errand.identity.account.UserRole;
import dev.errand.identity.user.UserRequest;
import dev.errand.identity.user.UserView;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fills the form of a user, and reads the request from it. */
final class UserForms {
  private static final String MEMBER = UserRole.MEMBER.code();
  private static final String PERSON = "person";
  private static final String SERVICE = "service";
  private static final String DISABLED = "disabled";

  private UserForms() {}

  /** The empty form. */
  static UserForm empty() {
    return form("", MEMBER, PERSON, "", false, null);
  }

  /** The form of a user. */
  static UserForm of(UserView user) {
    String email = user.email();
    return form(
        user.username(),
        user.role(),
        user.kind(),
        email == null ? "" : email,
        user.disabled(),
        null);
  }

  /** The form as it was sent, with what is wrong with it. */
  static UserForm refused(String name, MultivaluedMap<String, String> sent, String message) {
    return form(
        name,
        Texts.given(sent.getFirst("role")),
        Texts.given(sent.getFirst("kind")),
        Texts.given(sent.getFirst("email")),
        sent.containsKey(DISABLED),
        message);
  }

  /** The request of the form; the kind of an existing user stays. */
  static UserRequest request(MultivaluedMap<String, String> sent) {
    return new UserRequest(
        Texts.given(sent.getFirst("role")),
        Texts.givenOrNull(sent.getFirst("kind")),
        Texts.given(sent.getFirst("email")),
        sent.containsKey(DISABLED));
  }

  private static UserForm form(
      String name,
      String role,
      String kind,
      String email,
      boolean disabled,
      @Nullable String message) {
    List<String> roles = Arrays.stream(UserRole.values()).map(UserRole::code).toList();
    return new UserForm(
        name,
        choices(roles.reversed(), role),
        choices(List.of(PERSON, SERVICE), kind),
        email,
        disabled,
        message);
  }

  private static List<Choice> choices(List<String> codes, String chosen) {
    return codes.stream().map(code -> new Choice(code, code, code.equals(chosen))).toList();
  }
}
