package dev.errand.automation.callback;

import dev.errand.automation.callback.CallbackService.CallbackView;
import dev.errand.automation.delivery.DeliveryView;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.profile.ProfileSlug;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

/** REST operations on a task's callbacks: list, deliveries, redeliver, enable. */
@Path("/api/profiles/{user}/{profile}/tasks/{task}/callbacks")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class CallbackResource {
  private final CurrentCaller caller;
  private final CallbackService callbacks;

  CallbackResource(CurrentCaller caller, CallbackService callbacks) {
    this.caller = caller;
    this.callbacks = callbacks;
  }

  @GET
  public List<CallbackView> list(@BeanParam ProfileSlug profile, @RestPath String task) {
    return callbacks.list(caller.get(), profile, task);
  }

  @GET
  @Path("{callback}/deliveries")
  public List<DeliveryView> deliveries(
      @BeanParam ProfileSlug profile, @RestPath String task, @RestPath String callback) {
    return callbacks.deliveries(caller.get(), profile, task, callback);
  }

  @POST
  @Path("{callback}/deliveries/{delivery}/redeliver")
  @Consumes(MediaType.WILDCARD)
  public RestResponse<DeliveryView> redeliver(
      @BeanParam ProfileSlug profile,
      @RestPath String task,
      @RestPath String callback,
      @RestPath String delivery) {
    return RestResponse.accepted(
        callbacks.redeliver(caller.get(), profile, task, callback, delivery));
  }

  @POST
  @Path("{callback}/enable")
  @Consumes(MediaType.WILDCARD)
  public CallbackView enable(
      @BeanParam ProfileSlug profile, @RestPath String task, @RestPath String callback) {
    return callbacks.enable(caller.get(), profile, task, callback);
  }
}
