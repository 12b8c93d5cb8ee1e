package dev.errand.base.http;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Set;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/** Answers {@code OPTIONS} with the methods that an address has, as a refusal of others does. */
class OptionsAnswers {
  @ServerRequestFilter(preMatching = true)
  @Nullable RestResponse<Void> answer(ContainerRequestContext request) {
    if (!request.getMethod().equals(HttpMethod.OPTIONS)) {
      return null;
    }
    Set<String> methods = Routes.methods(request.getUriInfo().getPath());
    return methods.isEmpty()
        ? null
        : RestResponse.ResponseBuilder.<Void>ok()
            .header(HttpHeaders.ALLOW, String.join(", ", methods))
            .build();
  }
}
