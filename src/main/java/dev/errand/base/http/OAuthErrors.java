package dev.errand.base.http;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.lang.annotation.Annotation;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Answers in the form of OAuth what is refused at its addresses by a problem document. */
class OAuthErrors {
  @ServerResponseFilter
  void answer(ContainerRequestContext request, ContainerResponseContext response) {
    if (response.getEntity() instanceof Problem problem
        && OAuthError.isFormAt(request.getUriInfo().getPath())) {
      response.setEntity(
          OAuthError.of(problem), new Annotation[0], MediaType.APPLICATION_JSON_TYPE);
      response.getHeaders().putSingle(HttpHeaders.CACHE_CONTROL, "no-store");
    }
  }
}
