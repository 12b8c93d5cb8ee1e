package dev.errand.adapters.console.admin;

import dev.errand.adapters.console.page.Choice;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.adapters.console.page.Texts;
import dev.errand.base.error.ApiException;
import dev.errand.identity.account.UserRole;
import dev.errand.identity.profile.ProfileRole;
import dev.errand.identity.user.UserRequest;
import dev.errand.identity.user.UserView;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The form of a user.
 *
 * @param kind empty where it was not sent: the kind of an existing user stays
 * @param shared the role that a new user gets in the profile; empty for none
 * @param message why it was refused; null where it was not
 */
public record UserForm(
    String name,
    String role,
    String kind,
    String email,
    boolean disabled,
    String shared,
    @Nullable String message) {
  static final UserForm EMPTY =
      new UserForm("", UserRole.MEMBER.code(), "person", "", false, "", null);

  static UserForm of(UserView user) {
    return new UserForm(
        user.username(),
        user.role(),
        user.kind(),
        Objects.requireNonNullElse(user.email(), ""),
        user.disabled(),
        "",
        null);
  }

  /** The form that was sent for the user of that name. */
  static UserForm sent(String name, PageRequest page) {
    SentForm fields = page.form();
    return new UserForm(
        name,
        fields.line("role"),
        fields.line("kind"),
        fields.line("email"),
        fields.has("disabled"),
        fields.line("share"),
        null);
  }

  UserForm refused(ApiException refusal) {
    return new UserForm(name, role, kind, email, disabled, shared, Refusal.of(refusal));
  }

  UserRequest request() {
    return new UserRequest(role, Texts.givenOrNull(kind), email, disabled);
  }

  /** The roles to choose from. */
  public List<String> roles() {
    return Arrays.stream(UserRole.values()).map(UserRole::code).toList();
  }

  /** The roles in the profile to choose from. */
  public List<Choice> shares() {
    return Arrays.stream(ProfileRole.values())
        .map(ProfileRole::code)
        .map(code -> new Choice(code, code, code.equals(shared)))
        .toList();
  }

  /** The kinds to choose from. */
  public List<String> kinds() {
    return List.of("person", "service");
  }
}
