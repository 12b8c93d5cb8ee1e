package dev.errand.identity.user;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.field.Field;
import dev.errand.base.json.CheckedRequest;
import dev.errand.base.json.Coded;
import dev.errand.identity.account.UserKind;
import dev.errand.identity.account.UserRole;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/**
 * A request to create or change a user. Null fields are not changed; a new user is a person by
 * default.
 */
@RegisterForReflection
@ApiSchema(
    value = "UserRequest",
    description = "A field that is not sent keeps its value. A new user needs a `role`.",
    answer = UserView.class)
public record UserRequest(
    @Field(codes = UserRole.class, schema = "UserRole") @Nullable String role,
    @Field(codes = UserKind.class, schema = "UserKind") @Nullable String kind,
    @Field("An empty one removes it.") @JsonInclude(JsonInclude.Include.ALWAYS)
        @Nullable String email,
    @Field(
            "Whether the user is disabled: no request of the user is accepted and no run is"
                + " started.")
        @Nullable Boolean disabled)
    implements CheckedRequest {
  private static final int LONGEST_EMAIL = 254;

  @Override
  public void check() {
    InvalidFields wrong = new InvalidFields();
    DeclaredFields.check(this, wrong);
    wrong.add(this::wantedEmail);
    wrong.refuse();
  }

  /** The role of a user who has none yet. */
  String requiredRole() {
    return Coded.require(UserRole.class, "role", role).code();
  }

  /** The email address; null for that which the user has, empty for none. */
  @Nullable String wantedEmail() {
    if (email == null || email.isEmpty()) {
      return email;
    }
    int at = email.indexOf('@');
    if (at < 1
        || at == email.length() - 1
        || email.length() > LONGEST_EMAIL
        || email.chars().anyMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c))) {
      throw ApiException.invalid("email", "must be an address such as ada@example.com");
    }
    return email;
  }
}
