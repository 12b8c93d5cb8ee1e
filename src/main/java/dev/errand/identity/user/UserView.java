package dev.errand.identity.user;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A user, as admins see it.
 *
 * @param email the email address; null where none is known
 * @param disabled whether the user is disabled: nothing of it is accepted or started
 * @param disabledAt when it was disabled; null where it is not
 */
@RegisterForReflection
@ApiSchema("UserAccount")
public record UserView(
    @Field String username,
    @Field(schema = "UserRole") String role,
    @Field(schema = "UserKind") String kind,
    @Field @Nullable String email,
    @Field boolean disabled,
    @Field Instant createdAt,
    @Field @Nullable Instant disabledAt,
    @Field("Where a new person chooses a password; shown only in this answer.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable URI invitationUrl,
    @Field("What became of the mail with that link; absent where none is sent.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        InvitationMail.@Nullable Sent invitationMail) {
  static UserView of(Account account) {
    return new UserView(
        account.username,
        account.role,
        account.kind,
        account.email,
        account.disabledAt != null,
        account.createdAt,
        account.disabledAt,
        null,
        null);
  }

  UserView with(@Nullable URI invitation, InvitationMail.@Nullable Sent mail) {
    return new UserView(
        username, role, kind, email, disabled, createdAt, disabledAt, invitation, mail);
  }
}
