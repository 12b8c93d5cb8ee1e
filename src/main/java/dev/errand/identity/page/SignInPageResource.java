package dev.errand.identity.page;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestResponse;

/** The page on which people sign in and out. */
@Path("/sign-in")
@Produces(MediaType.TEXT_HTML)
public class SignInPageResource {
  /** Where the page is, relative to the base of the service. */
  public static final String PATH = "sign-in";

  private final SignInPage page;

  SignInPageResource(SignInPage page) {
    this.page = page;
  }

  /** The page. */
  @GET
  public RestResponse<String> get() {
    return page.answer(200, "", null).build();
  }
}
