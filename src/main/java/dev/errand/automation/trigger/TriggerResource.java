package dev.errand.automation.trigger;

import dev.errand.automation.trigger.TriggerService.StoredTrigger;
import dev.errand.base.error.ApiException;
import dev.errand.base.http.Paging;
import dev.errand.base.http.Paging.Part;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.profile.ProfileSlug;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
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
import java.util.function.Function;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** REST operations on the triggers of a task: create, list, get, replace, delete. */
@Path("/api/profiles/{user}/{profile}/tasks/{task}/triggers")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class TriggerResource {
  private final CurrentCaller caller;
  private final TriggerService triggers;
  private final Paging paging;

  TriggerResource(CurrentCaller caller, TriggerService triggers, Paging paging) {
    this.caller = caller;
    this.triggers = triggers;
    this.paging = paging;
  }

  /** Creates a trigger; without a body, a signed URL. */
  @POST
  @Consumes({MediaType.APPLICATION_JSON, MediaType.WILDCARD})
  public RestResponse<TriggerView> create(
      @BeanParam ProfileSlug profile,
      @RestPath String task,
      @Nullable TriggerRequest wanted,
      @Context UriInfo uri) {
    return made(
        triggers.create(
            caller.get(),
            profile,
            task,
            wanted == null ? TriggerRequest.SIGNED_URL : wanted,
            uri.getBaseUri()));
  }

  /**
   * Lists the task's triggers by name, without addresses that need no signature. If there are more,
   * the {@code Link} header has the address of the next page.
   */
  @GET
  public RestResponse<List<TriggerView>> list(
      @BeanParam ProfileSlug profile,
      @RestPath String task,
      @RestQuery @Nullable String limit,
      @RestQuery(Paging.CURSOR) @Nullable String cursor,
      @Context UriInfo uri) {
    Part part = Part.of(limit, cursor);
    List<TriggerView> read =
        triggers.list(caller.get(), profile, task, part.after(), part.read(), uri.getBaseUri());
    return paging.page(uri, part, read, TriggerView::name).answer(Function.identity());
  }

  @GET
  @Path("{name}")
  public TriggerView get(
      @BeanParam ProfileSlug profile,
      @RestPath String task,
      @RestPath String name,
      @Context UriInfo uri) {
    return triggers.get(caller.get(), profile, task, name, uri.getBaseUri());
  }

  @PUT
  @Path("{name}")
  public RestResponse<TriggerView> put(
      @BeanParam ProfileSlug profile,
      @RestPath String task,
      @RestPath String name,
      @Nullable TriggerRequest wanted,
      @Context UriInfo uri) {
    if (wanted == null) {
      throw ApiException.invalid("body", "is required: {\"scheme\", \"secrets\", …}");
    }
    return made(triggers.put(caller.get(), profile, task, name, wanted, uri.getBaseUri()));
  }

  @DELETE
  @Path("{name}")
  public void delete(@BeanParam ProfileSlug profile, @RestPath String task, @RestPath String name) {
    triggers.delete(caller.get(), profile, task, name);
  }

  private static RestResponse<TriggerView> made(StoredTrigger kept) {
    return RestResponse.status(
        kept.created() ? RestResponse.Status.CREATED : RestResponse.Status.OK, kept.trigger());
  }
}
