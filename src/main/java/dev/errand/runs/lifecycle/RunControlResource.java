package dev.errand.runs.lifecycle;

import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.runs.history.RunView;
import dev.errand.runs.lifecycle.RunService.RunDetail;
import dev.errand.runs.queue.Run;
import dev.errand.runs.queue.RunUrls;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

/** REST operations that change a run: cancel and retry. */
@Path("/api/profiles/{user}/{profile}/tasks/{task}/runs")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class RunControlResource {
  private final CurrentCaller caller;
  private final RunService runs;
  private final RunUrls urls;

  RunControlResource(CurrentCaller caller, RunService runs, RunUrls urls) {
    this.caller = caller;
    this.runs = runs;
    this.urls = urls;
  }

  /** Cancels a run, which keeps its entries; a run that has ended stays as it is. */
  @POST
  @Path("{run}/cancel")
  @Consumes(MediaType.WILDCARD)
  public RunView cancel(
      @BeanParam ProfileSlug profile,
      @RestPath String task,
      @RestPath String run,
      @Context UriInfo uri) {
    RunDetail cancelled = runs.cancel(caller.get(), profile, task, run);
    return view(cancelled, profile, task, uri);
  }

  /** Cancels a run; nothing is removed. */
  @DELETE
  @Path("{run}")
  @Consumes(MediaType.WILDCARD)
  public RunView delete(
      @BeanParam ProfileSlug profile,
      @RestPath String task,
      @RestPath String run,
      @Context UriInfo uri) {
    return cancel(profile, task, run, uri);
  }

  /** Retries a failed run. */
  @POST
  @Path("{run}/retry")
  @Consumes(MediaType.WILDCARD)
  public RestResponse<RunView> retry(
      @BeanParam ProfileSlug profile,
      @RestPath String task,
      @RestPath String run,
      @Context UriInfo uri) {
    RunDetail again = runs.retry(caller.get(), profile, task, run);
    return RestResponse.status(RestResponse.Status.ACCEPTED, view(again, profile, task, uri));
  }

  private RunView view(RunDetail found, ProfileSlug profile, String task, UriInfo uri) {
    Run run = found.run();
    return RunView.of(run, urls.of(uri, profile, task, run.name()).toString(), found.entries());
  }
}
