package dev.errand.automation.callback;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.runs.task.Task;
import dev.errand.runs.task.TaskBook;
import dev.errand.runs.task.TaskCallback;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The callbacks that a task's settings name: what they were told, telling it again. */
@Path("/api/profiles/{user}/{profile}/tasks/{task}/callbacks")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class CallbackResource {
  private final ProfileAccess access;
  private final TaskBook tasks;
  private final CallbackQueue queue;

  CallbackResource(ProfileAccess access, TaskBook tasks, CallbackQueue queue) {
    this.access = access;
    this.tasks = tasks;
    this.queue = queue;
  }

  /** The task's callbacks. */
  @GET
  public List<CallbackView> list(
      @RestPath String user, @RestPath String profile, @RestPath String task) {
    return tasks.callbacks(tasks.require(access.own(user, profile), task)).stream()
        .map(CallbackView::of)
        .toList();
  }

  /** The last that a callback was told, or is to be, newest first. */
  @GET
  @Path("{callback}/deliveries")
  public List<CallbackDelivery> deliveries(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String callback) {
    return queue.newest(require(user, profile, task, callback).id);
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
    TaskCallback found = require(user, profile, task, callback);
    if (found.disabledAt != null) {
      throw new ApiException(
          ErrorCode.CALLBACK_OFF,
          "The callback is switched off, since its address answered 410: POST its enable first.");
    }
    UUID id = known(found.id, delivery).id();
    queue.again(found.id, id);
    return RestResponse.accepted(known(found.id, delivery));
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
    queue.switchOn(require(user, profile, task, callback).id);
    return CallbackView.of(require(user, profile, task, callback));
  }

  private TaskCallback require(String user, String profile, String task, String callback) {
    Task of = tasks.require(access.own(user, profile), task);
    return tasks.callbacks(of).stream()
        .filter(known -> known.id.toString().equals(callback))
        .findFirst()
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.CALLBACK_NOT_FOUND,
                    "The task " + task + " has no callback " + callback + "."));
  }

  private CallbackDelivery known(UUID callbackId, String delivery) {
    return queue.newest(callbackId).stream()
        .filter(known -> known.id().toString().equals(delivery))
        .findFirst()
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.DELIVERY_NOT_FOUND,
                    "The callback has no delivery " + delivery + " any more."));
  }

  /**
   * A callback as its owner sees it.
   *
   * @param id its id
   * @param url where it is told
   * @param events of which ends
   * @param secretHints the end of each secret
   * @param enabled whether it is told anything
   * @param disabledAt since when it is not
   * @param createdAt when it was asked for
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record CallbackView(
      UUID id,
      String url,
      List<String> events,
      List<String> secretHints,
      boolean enabled,
      @Nullable Instant disabledAt,
      Instant createdAt) {
    static CallbackView of(TaskCallback callback) {
      return new CallbackView(
          callback.id,
          callback.url,
          callback.events,
          callback.secretHints,
          callback.disabledAt == null,
          callback.disabledAt,
          callback.createdAt);
    }
  }
}
