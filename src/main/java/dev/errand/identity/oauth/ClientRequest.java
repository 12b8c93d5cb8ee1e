package dev.errand.identity.oauth;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.field.Field;
import dev.errand.base.json.CheckedRequest;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
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
            most = RedirectUris.MOST,
            refusal = "must be a string")
        @Nullable List<@Nullable String> redirectUris,
    @Field(value = "Whether it gets a secret.", defaultValue = "false")
        @Nullable Boolean confidential)
    implements CheckedRequest {
  @Override
  public void check() {
    var _ = wantedUris();
  }

  List<String> wantedUris() {
    InvalidFields wrong = new InvalidFields();
    DeclaredFields.check(this, wrong);
    List<@Nullable String> given = redirectUris == null ? List.of() : redirectUris;
    List<String> uris =
        given.stream().limit(RedirectUris.MOST).map(uri -> uri == null ? "" : uri).toList();
    for (int i = 0; i < uris.size(); i++) {
      String field = "redirect_uris[" + i + "]";
      RedirectUris.problem(uris.get(i))
          .ifPresent(problem -> wrong.add(ApiException.invalid(field, problem)));
    }
    wrong.refuse();
    return uris;
  }

  boolean wantsSecret() {
    return Boolean.TRUE.equals(confidential);
  }
}
