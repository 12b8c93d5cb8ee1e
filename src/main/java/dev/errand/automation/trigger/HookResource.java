package dev.errand.automation.trigger;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.errand.automation.trigger.TriggerDeliveryReceiver.Received;
import dev.errand.base.error.ApiException;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.base.limit.BodyBudget;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.runs.history.RunLinks;
import dev.errand.runs.history.RunReader;
import dev.errand.runs.history.RunUrls;
import dev.errand.runs.history.RunView;
import dev.errand.runs.lifecycle.RunResource;
import dev.errand.runs.lifecycle.RunService;
import dev.errand.runs.lifecycle.WaitParameter;
import dev.errand.runs.live.LongRequestPlaces.Holder;
import dev.errand.runs.live.RunWatchers;
import dev.errand.runs.queue.Run;
import dev.errand.runs.task.TaskSnapshot;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** REST endpoint of triggers, outside {@code /api}: a POST starts a run. */
@Path("/hooks/{token}")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class HookResource {

  private final TriggerDeliveryReceiver reception;
  private final RunReader reader;
  private final RunWatchers watchers;
  private final CurrentVertxRequest http;
  private final RunUrls urls;
  private final boolean splitFields;

  /**
   * Creates the endpoint.
   *
   * @param splitFields whether the platform splits header fields at commas, as AWS Lambda does
   */
  HookResource(
      TriggerDeliveryReceiver reception,
      RunReader reader,
      RunWatchers watchers,
      CurrentVertxRequest http,
      RunUrls urls,
      @ConfigProperty(name = "errand.http.split-fields", defaultValue = "false")
          boolean splitFields) {
    this.reception = reception;
    this.reader = reader;
    this.watchers = watchers;
    this.http = http;
    this.urls = urls;
    this.splitFields = splitFields;
  }

  /**
   * Accepts a delivery with any body; with {@code ?wait=<seconds>} the answer waits for the end of
   * the run.
   */
  @POST
  @Consumes(MediaType.WILDCARD)
  public RestResponse<HookAnswer> post(
      @RestPath String token,
      @RestQuery @Nullable String wait,
      InputStream body,
      @Context HttpHeaders headers)
      throws IOException, InterruptedException {
    Duration patience = WaitParameter.of(wait);
    // Before the body is read, so that only who knows an address can occupy memory.
    reception.checkAddress(token);
    BodyBudget.admit(http.getCurrent());
    BodyBudget.leaveTree(http.getCurrent());
    HookRequest incoming =
        new HookRequest(
            Fields.sent(HookFields.of(http.getCurrent(), headers.getRequestHeaders()), splitFields),
            body.readAllBytes(),
            HookRequest.sender(http.getCurrent().request()));
    Received received = reception.receive(token, incoming);
    BodyBudget.done(http.getCurrent());
    return switch (received) {
      case Received.Challenged challenged ->
          RestResponse.ok(new HookAnswer.Challenge(challenged.challenge()));
      case Received.Filtered _ ->
          RestResponse.ok(
              new HookAnswer.Filtered(
                  "filtered",
                  "The delivery does not meet the condition of this trigger: nothing was"
                      + " started."));
      case Received.Started started -> {
        HookAnswer.Accepted accepted = accepted(started);
        if (!started.own()) {
          yield RestResponse.accepted(accepted);
        }
        RestResponse<HookAnswer> answer =
            ended(started, patience)
                .map(run -> RestResponse.<HookAnswer>ok(HookAnswer.Ended.of(accepted, run)))
                .orElseGet(() -> RestResponse.accepted(accepted));
        if (started.otherParameters()) {
          answer.getHeaders().putSingle(RunResource.NOTE, RunService.OTHER_PARAMETERS);
        }
        yield answer;
      }
    };
  }

  private HookAnswer.Accepted accepted(Received.Started started) {
    TaskSnapshot task = started.trigger().task();
    ProfileSlug profile = task.profile().slug();
    String run = started.run().name();
    return new HookAnswer.Accepted(
        urls.secondGeneration(profile, task.name(), run).toString(),
        urls.ofNamed(profile, task.name(), run).toString());
  }

  private static Holder holder(TriggerSnapshot trigger) {
    return new Holder(trigger.task().profile().user().id(), trigger.id());
  }

  /** The run with its output, which is read for the profile's owner; empty if it continues. */
  private Optional<Run> ended(Received.Started started, Duration patience)
      throws InterruptedException {
    if (!patience.isPositive()) {
      return Optional.empty();
    }
    TriggerSnapshot trigger = started.trigger();
    Run run = started.run();
    try {
      if (!run.status().isEnd()) {
        watchers.awaitEnd(run, holder(trigger), patience, WaitParameter.goneOf(http));
      }
      return reader
          .whole(trigger.task().profile().user().username(), trigger.task(), run.name())
          .filter(now -> now.status().isEnd());
    } catch (ApiException e) {
      // Too many requests wait already, there is no memory for the output, or the run was removed:
      // an error would make the sender deliver again.
      return Optional.empty();
    }
  }

  public sealed interface HookAnswer {
    /** A run that has not ended. */
    @RegisterForReflection
    @ApiSchema("DeliveryAccepted")
    record Accepted(
        @Field(
                "The address of the run for senders of before, in the second "
                    + "generation of this API.")
            String url,
        @Field("The address of the run.") String runUrl)
        implements HookAnswer {}

    /**
     * A run that has ended.
     *
     * @param url as for one that has not
     * @param runUrl as for one that has not
     */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.ALWAYS)
    @ApiSchema("EndedRun")
    record Ended(
        @Field String url,
        @Field String runUrl,
        @Field(values = {"ready", "error"}) String status,
        @Field @Nullable String output,
        @Field @JsonInclude(JsonInclude.Include.NON_NULL) @JsonRawValue @Nullable String result,
        @Field RunView.@Nullable Failed error)
        implements HookAnswer {
      static Ended of(Accepted at, Run run) {
        RunView view = RunView.of(run, new RunLinks(at.runUrl, null), null);
        return new Ended(
            at.url, at.runUrl, view.status(), view.output(), view.result(), view.error());
      }
    }

    /** A delivery that starts nothing. */
    @RegisterForReflection
    @ApiSchema("FilteredDelivery")
    record Filtered(
        @Field(values = {"filtered"}) String status,
        @Field("That nothing was started.") String message)
        implements HookAnswer {}

    @RegisterForReflection
    @ApiSchema("SlackChallenge")
    record Challenge(@Field String challenge) implements HookAnswer {}
  }
}
