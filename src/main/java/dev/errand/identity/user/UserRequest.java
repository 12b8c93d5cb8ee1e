package dev.errand.identity.user;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.json.CheckedRequest;
import dev.errand.base.json.Coded;
import dev.errand.identity.account.UserRole;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to create or change a user. Null fields are not changed.
 *
 * @param role {@code admin} or {@code member}; required for a new user
 * @param kind {@code person} or {@code service}; a new user is a person by default
 * @param email the email address, of at most 254 characters; an empty one removes it
 * @param disabled whether the user is disabled: nothing of it is accepted or started
 */
@RegisterForReflection
@JsonIgnoreProperties({"username", "created_at", "disabled_at", "invitation_url"})
public record UserRequest(
    @Nullable String role,
    @Nullable String kind,
    @Nullable String email,
    @Nullable Boolean disabled)
    implements CheckedRequest {
  static final String PERSON = "person";

  private static final List<String> KINDS = List.of(PERSON, "service");
  private static final int LONGEST_EMAIL = 254;

  @Override
  public void check() {
    InvalidFields.check(this::wantedRole, this::wantedKind, this::wantedEmail);
  }

  /** The role; null for that which the user has. */
  @Nullable String wantedRole() {
    return role == null ? null : requiredRole();
  }

  /** The role of a user who has none yet. */
  String requiredRole() {
    return Coded.require(UserRole.class, "role", role).code();
  }

  /** The kind; null for that which the user has. */
  @Nullable String wantedKind() {
    return kind == null ? null : oneOf("kind", kind, KINDS);
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

  private static String oneOf(String field, @Nullable String value, List<String> known) {
    if (value == null || !known.contains(value)) {
      throw ApiException.invalid(field, "must be one of " + String.join(", ", known));
    }
    return value;
  }
}
