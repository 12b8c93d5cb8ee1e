package dev.errand.automation.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.automation.schedule.ScheduleRegistry.Registered;
import dev.errand.automation.schedule.ScheduleView.FireView;
import dev.errand.base.error.ApiException;
import dev.errand.base.http.Paging;
import dev.errand.base.http.Paging.Part;
import dev.errand.base.http.QueryErrors;
import dev.errand.base.http.ReadsQuery;
import dev.errand.base.json.Json;
import dev.errand.base.json.MergePatch;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.runs.history.RunEntries;
import dev.errand.runs.history.RunUrls;
import dev.errand.runs.history.RunView;
import dev.errand.runs.lifecycle.RunService;
import dev.errand.runs.lifecycle.RunService.RunDetail;
import dev.errand.runs.lifecycle.RunService.Started;
import dev.errand.runs.lifecycle.RunStarter.StartedRun;
import dev.errand.runs.lifecycle.WaitParameter;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** REST operations on the schedules of a task: list, register, get, resume, run, delete. */
@Path("/api/profiles/{user}/{profile}/tasks/{task}/schedules")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ScheduleResource {
  private final CurrentCaller caller;
  private final ScheduleService schedules;
  private final RunUrls urls;
  private final Paging paging;
  private final RunService runs;
  private final CurrentVertxRequest http;
  private final Json json;
  private final QueryErrors query;

  ScheduleResource(
      CurrentCaller caller,
      ScheduleService schedules,
      RunUrls urls,
      Paging paging,
      RunService runs,
      CurrentVertxRequest http,
      Json json,
      QueryErrors query) {
    this.caller = caller;
    this.schedules = schedules;
    this.urls = urls;
    this.paging = paging;
    this.runs = runs;
    this.http = http;
    this.json = json;
    this.query = query;
  }

  /**
   * The task's schedules, by name. Where there are more, the {@code Link} header has the address of
   * the next ones.
   */
  @GET
  @ReadsQuery
  public RestResponse<List<ScheduleView>> list(
      @BeanParam ProfileSlug profile,
      @RestPath String task,
      @RestQuery @Nullable String limit,
      @RestQuery(Paging.CURSOR) @Nullable String cursor,
      @Context UriInfo uri) {
    Part part = query.collected().last(() -> Part.of(limit, cursor));
    return paging
        .page(
            uri,
            schedules.list(caller.get(), profile, task, part.after(), part.limit()),
            details -> details.schedule().name())
        .answer(details -> ScheduleView.of(details, runs(profile, task)));
  }

  @GET
  @Path("{schedule}")
  public ScheduleView get(
      @BeanParam ProfileSlug profile, @RestPath String task, @RestPath String schedule) {
    return ScheduleView.of(
        schedules.get(caller.get(), profile, task, schedule), runs(profile, task));
  }

  /** The newest fires. */
  @GET
  @Path("{schedule}/fires")
  public List<FireView> fires(
      @BeanParam ProfileSlug profile, @RestPath String task, @RestPath String schedule) {
    return schedules.fires(caller.get(), profile, task, schedule).stream()
        .map(details -> FireView.of(details.fire(), details.outcome(), runs(profile, task)))
        .toList();
  }

  /** Why there was a run for a time, or none. */
  @GET
  @Path("{schedule}/fires/{at}")
  public FireExplanationView explain(
      @BeanParam ProfileSlug profile,
      @RestPath String task,
      @RestPath String schedule,
      @RestPath String at) {
    return FireExplanationView.of(
        schedules.explain(caller.get(), profile, task, schedule, at), runs(profile, task));
  }

  @PUT
  @Path("{schedule}")
  public RestResponse<ScheduleView> put(
      @BeanParam ProfileSlug profile,
      @RestPath String task,
      @RestPath String schedule,
      @Nullable ScheduleRequest wanted) {
    Registered registered = schedules.register(caller.get(), profile, task, schedule, wanted);
    return RestResponse.status(
        registered.created() ? RestResponse.Status.CREATED : RestResponse.Status.OK,
        ScheduleView.of(registered.details(), runs(profile, task)));
  }

  @PATCH
  @Path("{schedule}")
  @Consumes({MediaType.APPLICATION_JSON, MergePatch.MEDIA_TYPE})
  public ScheduleView patch(
      @BeanParam ProfileSlug profile,
      @RestPath String task,
      @RestPath String schedule,
      @Nullable JsonNode patch) {
    return ScheduleView.of(
        schedules.patch(caller.get(), profile, task, schedule, MergePatch.in(patch)),
        runs(profile, task));
  }

  @POST
  @Path("{schedule}/resume")
  @Consumes(MediaType.WILDCARD)
  public ScheduleView resume(
      @BeanParam ProfileSlug profile, @RestPath String task, @RestPath String schedule) {
    return ScheduleView.of(
        schedules.resume(caller.get(), profile, task, schedule), runs(profile, task));
  }

  /**
   * Starts a run of the schedule at once. With {@code ?wait=} the answer comes when the run ends,
   * or after that many seconds.
   */
  @POST
  @Path("{schedule}/run")
  @Consumes(MediaType.WILDCARD)
  @ReadsQuery
  public RestResponse<RunView> run(
      @BeanParam ProfileSlug profile,
      @RestPath String task,
      @RestPath String schedule,
      @RestQuery @Nullable String wait,
      @Nullable String body)
      throws InterruptedException {
    Duration patience = query.collected().last(() -> WaitParameter.of(wait));
    checkEmpty(body);
    StartedRun started = schedules.run(caller.get(), profile, task, schedule);
    String name = started.run().name();
    URI url = urls.of(profile, task, name);
    List<String> begun = started.entries();
    RunDetail run = new RunDetail(started.run(), begun == null ? null : RunEntries.of(begun));
    if (patience.isPositive()) {
      run =
          runs.awaitStarted(
              caller.get(),
              profile,
              task,
              new Started(run, true, null),
              patience,
              WaitParameter.goneOf(http));
    }
    RunView view = RunView.of(run.run(), urls.linksOf(profile, task, run.run()), run.entries());
    return RestResponse.ResponseBuilder.<RunView>created(url).entity(view).build();
  }

  private void checkEmpty(@Nullable String body) {
    if (body == null || body.isBlank()) {
      return;
    }
    ObjectNode sent = json.body(body);
    if (sent != null && !sent.isEmpty()) {
      throw ApiException.invalid(
          sent.fieldNames().next(),
          "is not a known field: none is allowed, since the run has the schedule's parameters");
    }
  }

  @DELETE
  @Path("{schedule}")
  public void delete(
      @BeanParam ProfileSlug profile, @RestPath String task, @RestPath String schedule) {
    schedules.delete(caller.get(), profile, task, schedule);
  }

  private UnaryOperator<String> runs(ProfileSlug profile, String task) {
    return run -> urls.of(profile, task, run).toString();
  }
}
