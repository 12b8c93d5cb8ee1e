package dev.errand.identity.page;

import dev.errand.base.error.ApiException;
import dev.errand.identity.signin.SignInDevice;
import dev.errand.identity.signin.StartLinks;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The address of a link that signs in once. A redirect removes the token from the address. */
@Path("/start")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class StartResource {
  private final StartLinks links;
  private final SignInPage page;
  private final CurrentVertxRequest http;

  StartResource(StartLinks links, SignInPage page, CurrentVertxRequest http) {
    this.links = links;
    this.page = page;
    this.http = http;
  }

  /** Exchanges the token for a session. */
  @GET
  public RestResponse<String> start(@RestQuery @Nullable String token, @Context UriInfo uri) {
    try {
      return page.signedIn(
          links.use(token == null ? "" : token, SignInDevice.of(http.getCurrent().request())),
          Optional.empty(),
          uri);
    } catch (ApiException e) {
      return page.answer(e.code().status(), e.getMessage()).build();
    }
  }
}
