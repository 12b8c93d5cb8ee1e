package dev.errand.adapters.console.settings;

import dev.errand.adapters.console.page.Console;
import dev.errand.adapters.console.page.ConsoleLayout;
import dev.errand.adapters.console.page.PageRequest;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

/** The page that leads to all settings. */
@Path("/console/{user}/{profile}/settings")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class SettingsResource {
  /** The part of the navigation to which the pages of settings belong. */
  public static final String CURRENT = "settings";

  private final Console console;

  SettingsResource(Console console) {
    this.console = console;
  }

  @CheckedTemplate(basePath = "console")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance settings(ConsoleLayout layout);
  }

  /** The page. */
  @GET
  public RestResponse<String> get(@RestPath String user, @RestPath String profile) {
    PageRequest visit = console.visit(user, profile, CURRENT);
    return console.answer(visit, Templates.settings(visit.layout()));
  }
}
