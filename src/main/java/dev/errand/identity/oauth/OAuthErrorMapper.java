package dev.errand.identity.oauth;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Answers errors in the form of OAuth. */
class OAuthErrorMapper {
  /** An error (RFC 6749, section 5.2). */
  @RegisterForReflection
  record OAuthError(String error, @JsonProperty("error_description") String description) {}

  @ServerExceptionMapper
  RestResponse<OAuthError> oauth(OAuthException e) {
    RestResponse.ResponseBuilder<OAuthError> answer =
        RestResponse.ResponseBuilder.<OAuthError>create(e.status())
            .entity(new OAuthError(e.error(), String.valueOf(e.getMessage())))
            .type(MediaType.APPLICATION_JSON)
            .header(HttpHeaders.CACHE_CONTROL, "no-store");
    e.headers().forEach(answer::header);
    return answer.build();
  }
}
