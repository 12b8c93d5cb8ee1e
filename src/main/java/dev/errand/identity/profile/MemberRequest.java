package dev.errand.identity.profile;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.errand.base.error.ApiException;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A request to share a profile with a user. */
@RegisterForReflection
@JsonIgnoreProperties({"user", "created_at"})
public record MemberRequest(@Nullable String role) {

  /**
   * The role.
   *
   * @throws ApiException where it is none
   */
  ProfileRole wanted() {
    return Arrays.stream(ProfileRole.values())
        .filter(known -> known.code().equals(role))
        .findFirst()
        .orElseThrow(
            () ->
                ApiException.invalid(
                    "role",
                    "must be one of "
                        + Arrays.stream(ProfileRole.values())
                            .map(ProfileRole::code)
                            .collect(Collectors.joining(", "))));
  }
}
