package dev.errand.adapters.console.profile;

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

/** The home of a profile. */
@Path("/console/{user}/{profile}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class HomePageResource {
  private final Console console;
  private final HomeViews views;

  HomePageResource(Console console, HomeViews views) {
    this.console = console;
    this.views = views;
  }

  @CheckedTemplate(basePath = "console")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance home(ConsoleLayout layout, HomeView view);
  }

  /** The page. */
  @GET
  public RestResponse<String> get(@RestPath String user, @RestPath String profile) {
    PageRequest visit = console.visit(user, profile, "home");
    return console.answer(visit, Templates.home(visit.layout(), views.of(visit)));
  }
}
