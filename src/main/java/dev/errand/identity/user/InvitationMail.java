package dev.errand.identity.user;

import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sends invitations to the people for whom they are. */
public interface InvitationMail {
  /**
   * An invitation.
   *
   * @param by the name of the user who invites
   * @param link where the person chooses a password
   * @param life how long that works
   */
  record Invitation(String username, String email, String by, URI link, Duration life) {
    @Override
    public String toString() {
      return "Invitation[" + username + "]";
    }
  }

  /**
   * How the sending ended.
   *
   * @param error why it failed, a sentence without secrets
   */
  @RegisterForReflection
  @ApiSchema("InvitationMail")
  record Sent(
      @Field("Whether the mail server has accepted the message.") boolean accepted,
      @Field @Nullable String error) {}

  /** Sends one, outside of a transaction; empty where no e-mail is set up. */
  Optional<Sent> send(Invitation invitation) throws InterruptedException;
}
