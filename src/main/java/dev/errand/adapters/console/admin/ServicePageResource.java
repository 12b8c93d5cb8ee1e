package dev.errand.adapters.console.admin;

import dev.errand.adapters.admin.ResealService;
import dev.errand.adapters.admin.ServiceStatus;
import dev.errand.adapters.admin.StatusService;
import dev.errand.adapters.console.admin.ServicePageView.Fact;
import dev.errand.adapters.console.admin.ServicePageView.Reseal;
import dev.errand.adapters.console.admin.ServicePageView.WorkerLine;
import dev.errand.adapters.console.page.Amounts;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.base.secret.ResealStatus;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * The page that shows admins the state of the service, and starts resealing with the newest key.
 */
@Path("/console/{user}/{profile}/settings/service")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ServicePageResource {
  private static final String CURRENT = "settings";
  private static final long MEGABYTE = 1024L * 1024;

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
    ServiceStatus now = status.read(page.caller());
    ServicePageView view =
        new ServicePageView(
            now.version(),
            facts(now),
            now.workers().stream()
                .map(
                    worker ->
                        new WorkerLine(
                            worker.name(),
                            worker.version(),
                            worker.busy(),
                            worker.capacity(),
                            PageTime.of(worker.startedAt()),
                            PageTime.of(worker.seenAt())))
                .toList(),
            now.keys().newest(),
            now.keys().previous(),
            reseal(reseals.status(page.caller())));
    return page.answer(CURRENT, AdminTemplates.service(view));
  }

  /** Starts to reseal everything with the newest key. */
  @POST
  @Path("reseal")
  public RestResponse<String> reseal(PageRequest page) {
    page.requireAdmin();
    ResealStatus _ = reseals.start(page.caller());
    return page.redirect(page.home() + "/settings/service");
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
