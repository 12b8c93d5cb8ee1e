package dev.errand.adapters.console.settings;

import dev.errand.adapters.console.page.PageRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestResponse;

/** The page that leads to all settings. */
@Path("/console/{user}/{profile}/settings")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class SettingsResource {
  /** The part of the navigation to which the pages of settings belong. */
  public static final String CURRENT = "settings";

  /** The page. */
  @GET
  public RestResponse<String> get(PageRequest page) {
    return page.answer(CURRENT, SettingsTemplates.settings());
  }
}
