package dev.errand.identity.oauth;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.base.json.CheckedRequest;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request to create a client by hand, or to change it. */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
@ApiSchema(value = "OAuthClientRequest", answer = ClientView.class)
public record ClientRequest(
    @Field(
            value =
                "Redirect addresses: https, http on the user's own device, where the port may"
                    + " differ, or the scheme of an application with a dot, such as"
                    + " com.example.app.",
            required = true,
            most = RedirectUris.MOST)
        @Nullable List<@Nullable String> redirectUris,
    @Field("Whether it gets a secret; false by default.") @Nullable Boolean confidential)
    implements CheckedRequest {
  private static final String FIELD = "redirect_uris";

  @Override
  public void check() {
    var _ = wantedUris();
  }

  List<String> wantedUris() {
    List<@Nullable String> given = redirectUris == null ? List.of() : redirectUris;
    RedirectUris.problemOfNumber(given.size())
        .ifPresent(
            problem -> {
              throw ApiException.invalid(FIELD, problem);
            });
    InvalidFields wrong = new InvalidFields();
    List<String> uris = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      String uri = given.get(i);
      if (uri != null) {
        uris.add(uri);
      }
      String field = FIELD + "[" + i + "]";
      (uri == null ? Optional.of("must be a string") : RedirectUris.problem(uri))
          .ifPresent(problem -> wrong.add(ApiException.invalid(field, problem)));
    }
    wrong.refuse();
    return List.copyOf(uris);
  }

  boolean wantsSecret() {
    return Boolean.TRUE.equals(confidential);
  }
}
