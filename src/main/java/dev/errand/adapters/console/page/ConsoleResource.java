package dev.errand.adapters.console.page;

import dev.errand.identity.page.HtmlPages;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.RestResponse;

/** The entry of the console, which redirects to the home of a profile, or to the sign-in page. */
@Path("/")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ConsoleResource {
  private final FirstPage first;
  private final HtmlPages pages;

  ConsoleResource(FirstPage first, HtmlPages pages) {
    this.first = first;
    this.pages = pages;
  }

  /** The address of the service alone. */
  @GET
  public RestResponse<String> root(@Context UriInfo uri) {
    return pages.redirect(first.path(), uri).build();
  }

  /** The console without a profile. */
  @GET
  @Path(Console.PATH)
  public RestResponse<String> home(@Context UriInfo uri) {
    return root(uri);
  }

  /** Redirects to the page with the grants of clients, for pages without a profile. */
  @GET
  @Path(Console.PATH + "/grants")
  public RestResponse<String> grants(@Context UriInfo uri) {
    return pages.redirect(first.path() + "/settings/grants", uri).build();
  }
}
