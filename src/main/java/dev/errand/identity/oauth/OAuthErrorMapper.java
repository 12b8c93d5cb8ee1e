package dev.errand.identity.oauth;

import dev.errand.base.http.OAuthError;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Answers errors in the form of OAuth. */
class OAuthErrorMapper {
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
