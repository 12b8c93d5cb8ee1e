package dev.errand.base.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.errand.base.error.ErrorCode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Set;

/**
 * An error in the form of OAuth (RFC 6749, section 5.2; RFC 7591, section 3.2.2).
 *
 * @param description a sentence that says what to do
 */
@RegisterForReflection
public record OAuthError(String error, @JsonProperty("error_description") String description) {
  private static final Set<String> ADDRESSES =
      Set.of("/oauth/token", "/oauth/revoke", "/oauth/register");

  /** Whether programs expect errors of an address in this form, whatever finds them. */
  public static boolean isFormAt(String path) {
    return ADDRESSES.contains(path);
  }

  /** What a problem document says, in this form. */
  public static OAuthError of(Problem problem) {
    String error =
        problem.status() == ErrorCode.UNAVAILABLE.status()
                || problem.status() == ErrorCode.RATE_LIMITED.status()
            ? "temporarily_unavailable"
            : problem.status() >= ErrorCode.INTERNAL.status() ? "server_error" : "invalid_request";
    return new OAuthError(error, problem.detail());
  }
}
