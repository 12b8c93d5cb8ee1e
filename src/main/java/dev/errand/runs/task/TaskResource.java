package dev.errand.runs.task;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.http.Paging;
import dev.errand.base.http.Paging.Part;
import dev.errand.base.http.QueryErrors;
import dev.errand.base.http.QueryFlag;
import dev.errand.base.http.ReadsQuery;
import dev.errand.base.json.MergePatch;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.models.port.Runners;
import dev.errand.runs.task.TaskService.Registering;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.function.Function;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** REST operations on the tasks of a profile: list, register, get, patch, delete. */
@Path("/api/profiles/{user}/{profile}/tasks")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class TaskResource {
  private final CurrentCaller caller;
  private final TaskService tasks;
  private final TaskToolNames toolNames;
  private final Paging paging;
  private final Runners runners;
  private final QueryErrors query;

  TaskResource(
      CurrentCaller caller,
      TaskService tasks,
      TaskToolNames toolNames,
      Paging paging,
      Runners runners,
      QueryErrors query) {
    this.caller = caller;
    this.tasks = tasks;
    this.toolNames = toolNames;
    this.paging = paging;
    this.runners = runners;
    this.query = query;
  }

  /**
   * Lists the profile's tasks by name. If there are more, the {@code Link} header has the address
   * of the next page.
   */
  @GET
  @ReadsQuery
  public RestResponse<List<TaskView>> list(
      @BeanParam ProfileSlug profile,
      @RestQuery @Nullable String limit,
      @RestQuery(Paging.CURSOR) @Nullable String cursor,
      @Context UriInfo uri) {
    Part part = query.collected().last(() -> Part.of(limit, cursor));
    return paging
        .page(uri, tasks.list(caller.get(), profile, part.after(), part.limit()), TaskView::name)
        .answer(Function.identity());
  }

  @GET
  @Path("{task}")
  public TaskView get(@BeanParam ProfileSlug profile, @RestPath String task) {
    return warned(profile, tasks.get(caller.get(), profile, task), Right.SEE);
  }

  @PUT
  @Path("{task}")
  public RestResponse<TaskView> put(
      @BeanParam ProfileSlug profile,
      @RestPath String task,
      @Nullable TaskRegistration registration,
      @Context UriInfo uri) {
    if (registration == null) {
      throw ApiException.invalid("body", "is required: " + runners.shape());
    }
    Registering registered =
        tasks.register(caller.get(), profile, task, registration, uri.getBaseUri());
    return RestResponse.status(
        registered.created() ? RestResponse.Status.CREATED : RestResponse.Status.OK,
        warned(profile, registered.task().withCallbacks(registered.callbacks()), Right.EDIT));
  }

  @PATCH
  @Path("{task}")
  @Consumes({MediaType.APPLICATION_JSON, MergePatch.MEDIA_TYPE})
  public TaskView patch(
      @BeanParam ProfileSlug profile,
      @RestPath String task,
      @Nullable JsonNode patch,
      @Context UriInfo uri) {
    Registering patched =
        tasks.patch(caller.get(), profile, task, MergePatch.in(patch), uri.getBaseUri());
    return warned(profile, patched.task().withCallbacks(patched.callbacks()), Right.EDIT);
  }

  private TaskView warned(ProfileSlug profile, TaskView task, Right right) {
    return toolNames.warned(caller.get(), profile, task, right);
  }

  /** Deletes a task; {@code ?force=true} ends its live runs first. */
  @DELETE
  @Path("{task}")
  @ReadsQuery
  public void delete(
      @BeanParam ProfileSlug profile, @RestPath String task, @RestQuery @Nullable String force) {
    tasks.delete(
        caller.get(), profile, task, query.collected().last(() -> QueryFlag.of("force", force)));
  }
}
