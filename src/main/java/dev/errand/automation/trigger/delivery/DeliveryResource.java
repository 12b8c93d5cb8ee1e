package dev.errand.automation.trigger.delivery;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.automation.trigger.TaskTrigger;
import dev.errand.automation.trigger.TriggerBook;
import dev.errand.automation.trigger.signature.Incoming;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.runs.run.start.RunUrls;
import dev.errand.runs.task.Task;
import dev.errand.runs.task.TaskBook;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The last deliveries to a trigger: list, do again. */
@Path("/api/profiles/{user}/{profile}/tasks/{task}/triggers/{name}/deliveries")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class DeliveryResource {
  private final ProfileAccess access;
  private final TaskBook tasks;
  private final TriggerBook triggers;
  private final DeliveryLog log;
  private final DeliverySeal seal;
  private final Reception reception;
  private final RunUrls urls;

  DeliveryResource(
      ProfileAccess access,
      TaskBook tasks,
      TriggerBook triggers,
      DeliveryLog log,
      DeliverySeal seal,
      Reception reception,
      RunUrls urls) {
    this.access = access;
    this.tasks = tasks;
    this.triggers = triggers;
    this.log = log;
    this.seal = seal;
    this.reception = reception;
    this.urls = urls;
  }

  /** The last deliveries, newest first. */
  @GET
  public List<DeliveryView> list(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String name) {
    return log.newest(trigger(user, profile, task, name).id).stream()
        .map(DeliveryView::of)
        .toList();
  }

  /** Does a delivery again. */
  @POST
  @Path("{delivery}/replay")
  @Consumes(MediaType.WILDCARD)
  public RestResponse<Replayed> replay(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String name,
      @RestPath String delivery,
      @Context HttpServerRequest request,
      @Context UriInfo uri) {
    TaskTrigger trigger = trigger(user, profile, task, name);
    TriggerDelivery found =
        number(delivery)
            .flatMap(id -> log.find(trigger.id, id))
            .orElseThrow(
                () ->
                    new ApiException(
                        ErrorCode.DELIVERY_NOT_FOUND,
                        "The trigger " + name + " has no delivery " + delivery + " any more."));
    byte[] sealed = found.sealed();
    if (sealed == null) {
      throw new ApiException(
          ErrorCode.NOT_REPLAYABLE,
          "Of this delivery nothing is kept that could be done again: it was "
              + found.verdict().code()
              + " and had "
              + found.bodyBytes()
              + " bytes.");
    }
    String run =
        reception
            .repeat(trigger, found, seal.open(trigger, sealed, Incoming.sender(request)))
            .run()
            .name();
    return RestResponse.accepted(
        new Replayed(run, urls.of(uri, user, profile, task, run).toString()));
  }

  private TaskTrigger trigger(String user, String profile, String task, String name) {
    Task of = tasks.require(access.own(user, profile), task);
    TaskTrigger trigger = triggers.require(of, name);
    // What was found stands behind a proxy that asks a session which has ended.
    trigger.task = of;
    return trigger;
  }

  private static Optional<Long> number(String text) {
    return text.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
  }

  /**
   * What a delivery that was done again came to.
   *
   * @param run the run's name
   * @param url where it is, absolute
   */
  @RegisterForReflection
  public record Replayed(String run, String url) {}

  /**
   * A delivery as the trigger's owner sees it.
   *
   * @param id its number
   * @param receivedAt when it came
   * @param sender the address that it came from
   * @param verdict started, known, challenged, failed or refused
   * @param code why nothing came of it
   * @param message a sentence that says so
   * @param run the run that it is of
   * @param contentType what it was declared as
   * @param bodyBytes how large it was
   * @param replayable whether it can be done again
   * @param replayOf the delivery that it repeats
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record DeliveryView(
      long id,
      Instant receivedAt,
      String sender,
      String verdict,
      @Nullable String code,
      @Nullable String message,
      @Nullable String run,
      @Nullable String contentType,
      int bodyBytes,
      boolean replayable,
      @Nullable Long replayOf) {
    static DeliveryView of(TriggerDelivery delivery) {
      return new DeliveryView(
          delivery.id(),
          delivery.receivedAt(),
          delivery.sender(),
          delivery.verdict().code(),
          delivery.code(),
          delivery.message(),
          delivery.runName(),
          delivery.contentType(),
          delivery.bodyBytes(),
          delivery.sealed() != null,
          delivery.replayOf());
    }
  }
}
