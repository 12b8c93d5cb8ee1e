package dev.errand.automation.trigger;

import dev.errand.automation.trigger.TriggerDeliveryService.TriggerDeliveryView;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.runs.history.RunUrls;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

/** REST operations on the last deliveries to a trigger: list and replay. */
@Path("/api/profiles/{user}/{profile}/tasks/{task}/triggers/{name}/deliveries")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class TriggerDeliveryResource {
  private final CurrentCaller caller;
  private final TriggerDeliveryService deliveries;
  private final RunUrls urls;

  TriggerDeliveryResource(CurrentCaller caller, TriggerDeliveryService deliveries, RunUrls urls) {
    this.caller = caller;
    this.deliveries = deliveries;
    this.urls = urls;
  }

  @GET
  public List<TriggerDeliveryView> list(
      @BeanParam ProfileSlug profile, @RestPath String task, @RestPath String name) {
    return deliveries.list(caller.get(), profile, task, name);
  }

  @POST
  @Path("{delivery}/replay")
  @Consumes(MediaType.WILDCARD)
  public RestResponse<Replayed> replay(
      @BeanParam ProfileSlug profile,
      @RestPath String task,
      @RestPath String name,
      @RestPath String delivery,
      @Context HttpServerRequest request) {
    String run =
        deliveries
            .replay(caller.get(), profile, task, name, delivery, HookRequest.sender(request))
            .name();
    return RestResponse.accepted(new Replayed(run, urls.of(profile, task, run).toString()));
  }

  /**
   * The run of a replayed delivery.
   *
   * @param url its absolute URL
   */
  @RegisterForReflection
  @ApiSchema("Replay")
  public record Replayed(@Field String run, @Field String url) {}
}
