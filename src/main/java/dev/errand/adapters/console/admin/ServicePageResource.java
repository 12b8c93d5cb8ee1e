package dev.errand.adapters.console.admin;

import dev.errand.adapters.admin.ResealService;
import dev.errand.adapters.admin.StatusService;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.settings.SettingsResource;
import dev.errand.base.secret.ResealStatus;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * The page that shows admins the state of the service, and starts resealing with the newest key.
 */
@Path("/console/{user}/{profile}/settings/service")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ServicePageResource {
  private final StatusService status;
  private final ResealService reseals;

  ServicePageResource(StatusService status, ResealService reseals) {
    this.status = status;
    this.reseals = reseals;
  }

  /** The page. */
  @GET
  public RestResponse<String> get(PageRequest page) {
    page.requireAdmin();
    return page.answer(
        SettingsResource.CURRENT,
        AdminTemplates.service(status.read(page.caller()), reseals.status(page.caller())));
  }

  /** Starts to reseal everything with the newest key. */
  @POST
  @Path("reseal")
  public RestResponse<String> reseal(PageRequest page) {
    page.requireAdmin();
    ResealStatus _ = reseals.start(page.caller());
    return page.redirect(page.home() + "/settings/service");
  }
}
