package dev.errand.identity.oidc;

import dev.errand.base.error.ApiException;
import dev.errand.identity.page.SignInPage;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.util.Map;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** Builds the answers to a browser on its way to the provider and back. */
@ApplicationScoped
class OidcAnswers {
  private final SignInPage page;

  OidcAnswers(SignInPage page) {
    this.page = page;
  }

  ResponseBuilder<String> redirect(URI to) {
    return ResponseBuilder.<String>create(RestResponse.Status.FOUND)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .header("Referrer-Policy", "no-referrer")
        .location(to);
  }

  /**
   * An error: a browser gets a page with its sentence, any other client the problem document.
   *
   * @throws ApiException where no page is wanted
   */
  RestResponse<String> refused(RoutingContext request, ApiException refusal) {
    String accept = request.request().getHeader(HttpHeaders.ACCEPT);
    if (accept == null || !accept.contains(MediaType.TEXT_HTML)) {
      throw refusal;
    }
    ResponseBuilder<String> answer = page.answer(refusal.code().status(), refusal.getMessage());
    for (Map.Entry<String, String> field : refusal.headers().entrySet()) {
      answer.header(field.getKey(), field.getValue());
    }
    return answer.build();
  }
}
