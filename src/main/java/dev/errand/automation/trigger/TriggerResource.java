package dev.errand.automation.trigger;

import dev.errand.automation.trigger.TriggerBook.Kept;
import dev.errand.base.error.ApiException;
import dev.errand.base.http.Paging;
import dev.errand.base.http.Paging.Part;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.runs.task.Task;
import dev.errand.runs.task.TaskBook;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Triggers of a task: make, list, look at, replace, delete. */
@Path("/api/profiles/{user}/{profile}/tasks/{task}/triggers")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class TriggerResource {
  private final ProfileAccess access;
  private final TaskBook tasks;
  private final TriggerBook triggers;
  private final TriggerAddress addresses;
  private final Paging paging;

  TriggerResource(
      ProfileAccess access,
      TaskBook tasks,
      TriggerBook triggers,
      TriggerAddress addresses,
      Paging paging) {
    this.paging = paging;
    this.access = access;
    this.tasks = tasks;
    this.triggers = triggers;
    this.addresses = addresses;
  }

  /** Makes a trigger; with no body, a signed URL. */
  @POST
  @Consumes({MediaType.APPLICATION_JSON, MediaType.WILDCARD})
  public RestResponse<TriggerView> create(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @Nullable TriggerRequest wanted,
      @Context UriInfo uri) {
    Task of = tasks.require(access.own(user, profile), task);
    return made(triggers.create(of, wanted == null ? TriggerRequest.SIGNED_URL : wanted), uri);
  }

  /**
   * The task's triggers, by name, without the addresses that need no more than to be known. Where
   * there are more, the {@code Link} header has the address of the next ones.
   */
  @GET
  public RestResponse<List<TriggerView>> list(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestQuery @Nullable String limit,
      @RestQuery(Paging.CURSOR) @Nullable String cursor,
      @Context UriInfo uri) {
    Part part = Part.of(limit, cursor);
    Task of = tasks.require(access.own(user, profile), task);
    return paging
        .page(uri, part, triggers.list(of, part.after(), part.read()), trigger -> trigger.name)
        .answer(
            trigger ->
                TriggerView.of(
                    trigger,
                    trigger.scheme().isVerified() ? addresses.of(trigger.id, uri) : null,
                    List.of()));
  }

  /** One trigger, with its address. */
  @GET
  @Path("{name}")
  public TriggerView get(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String name,
      @Context UriInfo uri) {
    TaskTrigger found = triggers.require(tasks.require(access.own(user, profile), task), name);
    return TriggerView.of(found, addresses.of(found.id, uri), List.of());
  }

  /** Makes a trigger of that name, or replaces everything of it but its address and its secrets. */
  @PUT
  @Path("{name}")
  public RestResponse<TriggerView> put(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String name,
      @Nullable TriggerRequest wanted,
      @Context UriInfo uri) {
    if (wanted == null) {
      throw ApiException.invalid("body", "is required: {\"scheme\", \"secrets\", …}");
    }
    Task of = tasks.require(access.own(user, profile), task);
    return made(triggers.put(of, name, wanted), uri);
  }

  /** Deletes a trigger: its address is withdrawn, and its deliveries are forgotten. */
  @DELETE
  @Path("{name}")
  public void delete(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String name) {
    triggers.delete(tasks.require(access.own(user, profile), task), name);
  }

  private RestResponse<TriggerView> made(Kept kept, UriInfo uri) {
    return RestResponse.status(
        kept.created() ? RestResponse.Status.CREATED : RestResponse.Status.OK,
        TriggerView.of(kept.trigger(), addresses.of(kept.trigger().id, uri), kept.generated()));
  }
}
