package dev.errand.automation.callback;

import dev.errand.automation.callback.CallbackService.CallbackView;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.profile.ProfileSlug;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

/** The callbacks that a task's settings name: what they were told, telling it again. */
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

  /** The task's callbacks. */
  @GET
  public List<CallbackView> list(
      @RestPath String user, @RestPath String profile, @RestPath String task) {
    return callbacks.list(caller.get(), new ProfileSlug(user, profile), task);
  }

  /** The last that a callback was told, or is to be, newest first. */
  @GET
  @Path("{callback}/deliveries")
  public List<CallbackDelivery> deliveries(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String callback) {
    return callbacks.deliveries(caller.get(), new ProfileSlug(user, profile), task, callback);
  }

  /** Tells something once more, under the id that it had, and again until it is heard. */
  @POST
  @Path("{callback}/deliveries/{delivery}/redeliver")
  @Consumes(MediaType.WILDCARD)
  public RestResponse<CallbackDelivery> redeliver(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String callback,
      @RestPath String delivery) {
    return RestResponse.accepted(
        callbacks.redeliver(
            caller.get(), new ProfileSlug(user, profile), task, callback, delivery));
  }

  /** Switches a callback on again that a 410 has switched off. */
  @POST
  @Path("{callback}/enable")
  @Consumes(MediaType.WILDCARD)
  public CallbackView enable(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String callback) {
    return callbacks.enable(caller.get(), new ProfileSlug(user, profile), task, callback);
  }
}
