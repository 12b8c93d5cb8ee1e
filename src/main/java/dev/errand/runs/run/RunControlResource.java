package dev.errand.runs.run;

import dev.errand.runs.queue.RunControl;
import dev.errand.runs.queue.record.Run;
import dev.errand.runs.queue.record.RunEnd;
import dev.errand.runs.queue.record.RunEntries;
import dev.errand.runs.run.archive.RunArchive;
import dev.errand.runs.run.archive.RunView;
import dev.errand.runs.run.start.RunUrls;
import dev.errand.runs.task.Task;
import dev.errand.runs.task.TaskAccess;
import io.smallrye.common.annotation.RunOnVirtualThread;
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

/** What a person does to a run: cancel it, take it up again. */
@Path("/api/profiles/{user}/{profile}/tasks/{task}/runs")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class RunControlResource {
  private static final String CODE = "cancelled";

  private final TaskAccess tasks;
  private final RunControl control;
  private final Retry retry;
  private final RunArchive archive;
  private final RunEntries entries;
  private final RunUrls urls;

  RunControlResource(
      TaskAccess tasks,
      RunControl control,
      Retry retry,
      RunArchive archive,
      RunEntries entries,
      RunUrls urls) {
    this.tasks = tasks;
    this.control = control;
    this.retry = retry;
    this.archive = archive;
    this.entries = entries;
    this.urls = urls;
  }

  /** Ends a run that has not ended, with what it has done so far; one that has stays as it is. */
  @POST
  @Path("{run}/cancel")
  @Consumes(MediaType.WILDCARD)
  public RunView cancel(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String run,
      @Context UriInfo uri) {
    Task of = tasks.own(user, profile, task);
    if (!archive.require(of, run).status().isEnd()) {
      control.end(of.id, run, RunEnd.failed(entries, CODE, "The run was cancelled."));
    }
    return view(archive.require(of, run), user, profile, task, uri);
  }

  /** Cancels it; nothing is removed. */
  @DELETE
  @Path("{run}")
  @Consumes(MediaType.WILDCARD)
  public RunView delete(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String run,
      @Context UriInfo uri) {
    return cancel(user, profile, task, run, uri);
  }

  /** Takes a run up again that ended without a last message. */
  @POST
  @Path("{run}/retry")
  @Consumes(MediaType.WILDCARD)
  public RestResponse<RunView> retry(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String run,
      @Context UriInfo uri) {
    Task of = tasks.own(user, profile, task);
    Run again = retry.again(of, archive.require(of, run));
    return RestResponse.status(RestResponse.Status.ACCEPTED, view(again, user, profile, task, uri));
  }

  private RunView view(Run run, String user, String profile, String task, UriInfo uri) {
    return RunView.of(
        run, urls.of(uri, user, profile, task, run.name()).toString(), archive.entries(run));
  }
}
