package dev.errand.base.http;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.util.Set;

/** Adds the {@code ETag} to answers that show something {@link Tagged}. */
@Provider
public class ETags implements ContainerResponseFilter {
  private static final Set<String> METHODS =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.PUT, HttpMethod.PATCH);

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    boolean isCreated = response.getStatus() == Response.Status.CREATED.getStatusCode();
    if (response.getEntity() instanceof Tagged shown
        && (isCreated || METHODS.contains(request.getMethod()))) {
      response.getHeaders().putSingle(HttpHeaders.ETAG, shown.tag());
    }
  }
}
