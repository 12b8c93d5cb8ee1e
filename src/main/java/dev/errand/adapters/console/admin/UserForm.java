package dev.errand.adapters.console.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.page.Choice;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.adapters.console.page.SettingsForm;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import dev.errand.identity.account.UserKind;
import dev.errand.identity.account.UserRole;
import dev.errand.identity.profile.ProfileRole;
import dev.errand.identity.user.UserRequest;
import dev.errand.identity.user.UserView;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The form of a user.
 *
 * @param disabled whether the box is ticked that disables the user
 */
public record UserForm(SettingsForm<UserRequest> form, boolean disabled) {
  private static final String EMAIL = "email";
  private static final String DISABLED = "disabled";

  static final UserForm EMPTY =
      new UserForm(
          SettingsForm.empty(
              UserRequest.class,
              List.of("role", "kind"),
              Map.of("role", UserRole.MEMBER.code(), "kind", UserKind.PERSON.code())),
          false);

  static UserForm of(UserView user, Json json) {
    List<String> shown = List.of("role", EMAIL);
    return new UserForm(
        SettingsForm.of(UserRequest.class, shown, user, user.username(), json), user.disabled());
  }

  /** The same as it was sent. */
  UserForm sent(SentForm fields) {
    return new UserForm(form.sent(fields), fields.has(DISABLED));
  }

  UserForm refused(ApiException refusal) {
    return new UserForm(form.refused(refusal), disabled);
  }

  /** The role that a new user gets in the profile; empty for none. */
  String shared() {
    return form.sent().line("share");
  }

  UserRequest request(Json json) {
    // An empty address removes that which the user has.
    ObjectNode request =
        form.request(json).put(EMAIL, form.sent().line(EMAIL)).put(DISABLED, disabled);
    return json.request(request, UserRequest.class);
  }

  /** The roles in the profile to choose from. */
  public List<Choice> shares() {
    return Arrays.stream(ProfileRole.values())
        .map(ProfileRole::code)
        .map(code -> new Choice(code, code, code.equals(shared())))
        .toList();
  }
}
