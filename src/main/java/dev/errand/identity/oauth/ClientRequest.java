package dev.errand.identity.oauth;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.errand.base.error.ApiException;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request to create a client by hand, or to change it. Fields that only the server sets are
 * ignored.
 *
 * @param confidential whether it is to have a secret; null for no
 */
@RegisterForReflection
@JsonIgnoreProperties({"name", "client_id", "client_secret", "created_at"})
public record ClientRequest(
    @Nullable List<@Nullable String> redirectUris, @Nullable Boolean confidential) {
  List<String> wantedUris() {
    List<String> uris =
        redirectUris == null
            ? List.of()
            : redirectUris.stream().filter(Objects::nonNull).<String>map(uri -> uri).toList();
    RedirectUris.problem(uris)
        .ifPresent(
            problem -> {
              throw ApiException.invalid("redirect_uris", problem);
            });
    return uris;
  }

  boolean wantsSecret() {
    return Boolean.TRUE.equals(confidential);
  }
}
