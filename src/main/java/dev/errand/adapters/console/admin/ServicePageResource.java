package dev.errand.adapters.console.admin;

import dev.errand.adapters.admin.ResealService;
import dev.errand.adapters.admin.ServiceStatus;
import dev.errand.adapters.admin.StatusService;
import dev.errand.adapters.console.admin.ServicePageView.Fact;
import dev.errand.adapters.console.admin.ServicePageView.Line;
import dev.errand.adapters.console.admin.ServicePageView.Reseal;
import dev.errand.adapters.console.page.Amounts;
import dev.errand.adapters.console.page.Console;
import dev.errand.adapters.console.page.ConsoleLayout;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.base.secret.ResealStatus;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import java.util.List;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * The page that shows admins the state of the service, and starts resealing with the newest key.
 */
@Path("/console/{user}/{profile}/settings/service")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ServicePageResource {
  private static final long MEGABYTE = 1024L * 1024;

  private final Console console;
  private final StatusService status;
  private final ResealService reseals;

  ServicePageResource(Console console, StatusService status, ResealService reseals) {
    this.console = console;
    this.status = status;
    this.reseals = reseals;
  }

  @CheckedTemplate(basePath = "console")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance service(ConsoleLayout layout, ServicePageView view);
  }

  /** The page. */
  @GET
  public RestResponse<String> get(@RestPath String user, @RestPath String profile) {
    PageRequest visit = console.visit(user, profile, AdminPages.CURRENT);
    AdminPages.check(visit);
    ServiceStatus now = status.read(visit.caller());
    ServicePageView view =
        new ServicePageView(
            now.version(),
            facts(now),
            now.workers().stream()
                .map(
                    worker ->
                        new Line(
                            worker.name(),
                            worker.version(),
                            worker.busy(),
                            worker.capacity(),
                            PageTime.of(worker.startedAt()),
                            PageTime.of(worker.seenAt())))
                .toList(),
            now.keys().newest(),
            now.keys().previous(),
            reseal(reseals.status(visit.caller())));
    return console.answer(visit, Templates.service(visit.layout(), view));
  }

  /** Starts to reseal everything with the newest key. */
  @POST
  @Path("reseal")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> reseal(
      @RestPath String user,
      @RestPath String profile,
      @RestForm @Nullable String ticket,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, AdminPages.CURRENT, ticket);
    AdminPages.check(visit);
    ResealStatus _ = reseals.start(visit.caller());
    return console.redirect(visit.layout().home() + "/settings/service", uri);
  }

  private static List<Fact> facts(ServiceStatus now) {
    ServiceStatus.Database database = now.database();
    String schema = database.schema();
    return List.of(
        new Fact("Pending runs", Amounts.number(now.queue().pending())),
        new Fact("Running runs", Amounts.number(now.queue().running())),
        new Fact(
            "Longest wait",
            now.queue().ageSeconds() == 0
                ? "–"
                : Amounts.duration(Duration.ofSeconds(now.queue().ageSeconds()))),
        new Fact("PostgreSQL", database.version()),
        new Fact("Size", Amounts.number(database.bytes() / MEGABYTE) + " MB"),
        new Fact("Connections", Amounts.number(database.connections())),
        new Fact("Schema", schema == null ? "–" : schema));
  }

  private static Reseal reseal(ResealStatus now) {
    return new Reseal(
        now.total(),
        now.done(),
        now.failed(),
        PageTime.orNull(now.startedAt()),
        PageTime.orNull(now.finishedAt()),
        now.startedAt() != null && now.finishedAt() == null,
        now.workersWithoutKey(),
        now.mayDropPreviousKeys(),
        now.keysBound());
  }
}
