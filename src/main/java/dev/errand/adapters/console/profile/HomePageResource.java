package dev.errand.adapters.console.profile;

import dev.errand.adapters.console.page.PageRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestResponse;

/** The home of a profile. */
@Path("/console/{user}/{profile}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class HomePageResource {
  private final HomeViews views;

  HomePageResource(HomeViews views) {
    this.views = views;
  }

  /** The page. */
  @GET
  public RestResponse<String> get(PageRequest page) {
    return page.answer("home", ProfileTemplates.home(views.of(page)));
  }
}
