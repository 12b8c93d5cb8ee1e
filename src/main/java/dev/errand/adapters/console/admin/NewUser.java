package dev.errand.adapters.console.admin;

import dev.errand.identity.user.InvitationMail;
import dev.errand.identity.user.UserView;
import org.jspecify.annotations.Nullable;

/**
 * A user who was just created.
 *
 * @param user the user, with the link that is shown this once
 * @param shared the role that the user got in the profile; empty for none
 * @param message why the profile was not shared; null where it was, or was not to be
 */
public record NewUser(UserView user, String shared, @Nullable String message) {
  /** Whether the link was mailed. */
  public boolean isMailed() {
    InvitationMail.Sent mail = user.invitationMail();
    return mail != null && mail.accepted();
  }

  /** Why it was not; null where it was, or none was to be sent. */
  public @Nullable String mailError() {
    InvitationMail.Sent mail = user.invitationMail();
    return mail == null ? null : mail.error();
  }
}
