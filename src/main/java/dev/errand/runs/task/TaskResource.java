package dev.errand.runs.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.errand.base.error.ApiException;
import dev.errand.base.http.Paging;
import dev.errand.base.http.Paging.Part;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.models.model.settings.ModelSettings;
import dev.errand.models.model.settings.SettingsByRunner;
import dev.errand.models.wire.ModelEndpoints;
import dev.errand.runs.task.TaskBook.Registered;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Tasks of a profile: list, register, look at, delete. */
@Path("/api/profiles/{user}/{profile}/tasks")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class TaskResource {
  private final ProfileAccess access;
  private final TaskBook tasks;
  private final ModelEndpoints endpoints;
  private final Event<TaskDeletion> deletions;
  private final Paging paging;

  TaskResource(
      ProfileAccess access,
      TaskBook tasks,
      ModelEndpoints endpoints,
      Event<TaskDeletion> deletions,
      Paging paging) {
    this.access = access;
    this.tasks = tasks;
    this.endpoints = endpoints;
    this.deletions = deletions;
    this.paging = paging;
  }

  /**
   * The profile's tasks, by name. Where there are more, the {@code Link} header has the address of
   * the next ones.
   */
  @GET
  public RestResponse<List<TaskView>> list(
      @RestPath String user,
      @RestPath String profile,
      @RestQuery @Nullable String limit,
      @RestQuery(Paging.CURSOR) @Nullable String cursor,
      @Context UriInfo uri) {
    Part part = Part.of(limit, cursor);
    return paging
        .page(
            uri,
            part,
            tasks.list(access.own(user, profile), part.after(), part.read()),
            task -> task.name)
        .answer(this::view);
  }

  /** One task; never its key. */
  @GET
  @Path("{task}")
  public TaskView get(@RestPath String user, @RestPath String profile, @RestPath String task) {
    return view(tasks.require(access.own(user, profile), task));
  }

  /** Registers a task, or replaces everything of it but the key. */
  @PUT
  @Path("{task}")
  public RestResponse<TaskView> put(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @Nullable Registration registration,
      @Context UriInfo uri) {
    if (registration == null) {
      throw ApiException.invalid("body", "is required: " + Registration.SHAPE);
    }
    Registered registered =
        tasks.register(access.own(user, profile), task, registration, uri.getBaseUri());
    return RestResponse.status(
        registered.created() ? RestResponse.Status.CREATED : RestResponse.Status.OK,
        view(registered.task(), registered.callbacks()));
  }

  /** Deletes a task; with {@code ?force=true} its live runs are ended for it. */
  @DELETE
  @Path("{task}")
  @Transactional
  public void delete(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestQuery @DefaultValue("false") boolean force) {
    Profile own = access.own(user, profile);
    Task deleted = tasks.delete(own, task);
    deletions.fire(new TaskDeletion(deleted.id, deleted.name, force));
  }

  private TaskView view(Task task) {
    return view(task, tasks.settings(task).callbacks());
  }

  private TaskView view(Task task, List<Callback> callbacks) {
    ModelSettings model = tasks.model(task);
    return new TaskView(
        task.name,
        task.runner,
        task.enabled,
        SettingsByRunner.of(
            model.with(model.prompt(), model.system(), endpoints.of(model).toString())),
        new SettingsView(task.keyHint, tasks.settings(task).with(callbacks)),
        task.createdAt,
        task.modifiedAt);
  }

  @RegisterForReflection
  public record TaskView(
      String name,
      String runner,
      boolean enabled,
      @JsonUnwrapped SettingsByRunner model,
      SettingsView settings,
      Instant createdAt,
      Instant modifiedAt) {}

  @RegisterForReflection
  public record SettingsView(
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String keyHint,
      @JsonUnwrapped TaskSettings bounds) {}
}
