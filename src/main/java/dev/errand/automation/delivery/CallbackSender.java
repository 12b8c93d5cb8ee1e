package dev.errand.automation.delivery;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.automation.delivery.DeliveryObserver.AttemptOutcome;
import dev.errand.base.egress.client.GuardedHttp;
import dev.errand.base.egress.client.GuardedPost;
import dev.errand.base.http.PublicUrl;
import dev.errand.base.json.Json;
import dev.errand.base.secret.Sealed;
import dev.errand.base.secret.SecretBox;
import dev.errand.base.secret.WebhookSecret;
import dev.errand.identity.page.PagePaths;
import dev.errand.runs.event.EventKind;
import dev.errand.runs.event.TaskEvent;
import dev.errand.runs.history.RunUrls;
import dev.errand.runs.task.TaskCallback;
import dev.errand.tools.mcp.oauth.ConnectLink;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Sends one attempt of a delivery to a callback, by Standard Webhooks 1.0. */
@ApplicationScoped
class CallbackSender {
  private static final String TASK = "/api/profiles/{user}/{profile}/tasks/{task}";
  private static final String SCHEDULE = TASK + "/schedules/{schedule}";
  private static final String TRIGGER = TASK + "/triggers/{trigger}";

  private final GuardedPost post;
  private final SecretBox box;
  private final PublicUrl base;
  private final Json json;
  private final Clock clock;
  private final DeliveryConfig config;
  private final DeliveryObserver observer;

  CallbackSender(
      GuardedPost post,
      SecretBox box,
      PublicUrl base,
      Json json,
      Clock clock,
      DeliveryConfig config,
      DeliveryObserver observer) {
    this.post = post;
    this.box = box;
    this.base = base;
    this.json = json;
    this.clock = clock;
    this.config = config;
    this.observer = observer;
  }

  /**
   * Sends the event and returns the result, by status and header fields alone. Redirects are not
   * followed, and count as failed attempts.
   */
  AttemptResult deliver(DueCallback due) throws InterruptedException {
    try (DeliveryObserver.Observation observation = observer.begin(due.url(), due.traceparent())) {
      AttemptResult result = send(due, observation.headers());
      observation.ended(result.outcome(), result.status());
      return result;
    }
  }

  private AttemptResult send(DueCallback due, Map<String, String> ofTheTrace)
      throws InterruptedException {
    byte[] body = body(due);
    Map<String, String> headers = new HashMap<>(ofTheTrace);
    headers.put("content-type", "application/json");
    headers.putAll(
        WebhookSecret.headers(secrets(due), due.deliveryId().toString(), clock.instant(), body));
    GuardedPost.Posted posted =
        post.send(due.url(), headers, body, config.timeout(), GuardedHttp.Request.NO_BODY);
    AttemptOutcome outcome = outcome(posted);
    return new AttemptResult(
        outcome,
        posted.status(),
        posted.error(),
        outcome == AttemptOutcome.UNWANTED,
        posted.took(),
        posted.askedToWait());
  }

  private static AttemptOutcome outcome(GuardedPost.Posted posted) {
    Integer status = posted.status();
    if (status == null) {
      return posted.isRefused() ? AttemptOutcome.REFUSED : AttemptOutcome.UNANSWERED;
    }
    if (posted.isAccepted()) {
      return AttemptOutcome.ACCEPTED;
    }
    return status == 410 ? AttemptOutcome.UNWANTED : AttemptOutcome.ANSWERED_OTHERWISE;
  }

  private byte[] body(DueCallback due) {
    JsonNode included = due.included() == null ? json.object() : json.tree(due.included());
    String run = due.run();
    String installation = due.installation();
    if (run != null && EventKind.Source.RUN.raises(due.event())) {
      return json.bytes(new Event(due.event(), due.happenedAt(), run(due, run, included)));
    }
    if (installation != null) {
      return json.bytes(
          new CredentialEvent(
              due.event(), due.happenedAt(), credential(due, installation, included)));
    }
    return json.bytes(new OtherEvent(due.event(), due.happenedAt(), task(due, included)));
  }

  private JsonNode task(DueCallback due, JsonNode included) {
    String approval = included.path(TaskEvent.APPROVAL).textValue();
    ObjectNode subject =
        json.object()
            .put("profile", due.user() + "/" + due.profile())
            .put("task", due.task())
            .put("url", url(due, included, approval).toString());
    if (approval != null) {
      subject.put(
          "console_url",
          base.resolve(PagePaths.approval(home(due), approval), due.baseUrl()).toString());
    }
    included.properties().forEach(field -> subject.set(field.getKey(), field.getValue()));
    return subject;
  }

  private URI url(DueCallback due, JsonNode included, @Nullable String approval) {
    if (approval != null) {
      return base.resolve(RunUrls.APPROVAL, due.baseUrl(), due.user(), due.profile(), approval);
    }
    JsonNode schedule = included.path(TaskEvent.SCHEDULE);
    JsonNode trigger = included.path(TaskEvent.TRIGGER);
    if (trigger.isTextual()) {
      return base.resolve(
          TRIGGER, due.baseUrl(), due.user(), due.profile(), due.task(), trigger.textValue());
    }
    return schedule.isTextual()
        ? base.resolve(
            SCHEDULE, due.baseUrl(), due.user(), due.profile(), due.task(), schedule.textValue())
        : base.resolve(TASK, due.baseUrl(), due.user(), due.profile(), due.task());
  }

  private Subject run(DueCallback due, String run, JsonNode included) {
    return new Subject(
        due.user() + "/" + due.profile(),
        due.task(),
        run,
        base.resolve(RunUrls.RUN, due.baseUrl(), due.user(), due.profile(), due.task(), run)
            .toString(),
        base.resolve(PagePaths.run(home(due), due.task(), run), due.baseUrl()).toString(),
        status(due),
        included.get("error"),
        included.get("failures_in_a_row"),
        included.get("warnings"),
        included.get("output"),
        included.get("result"),
        included.get("truncated"),
        included.get("usage"));
  }

  private CredentialSubject credential(DueCallback due, String installation, JsonNode included) {
    // Header fields have no end, and are set on the page of the tool.
    URI url =
        included.has("expires_at")
            ? base.resolve(ConnectLink.path(due.user(), due.profile(), installation), due.baseUrl())
            : base.resolve(PagePaths.tool(home(due), installation), due.baseUrl());
    return new CredentialSubject(
        due.user() + "/" + due.profile(),
        due.task(),
        installation,
        url.toString(),
        status(due),
        included.path("reason").textValue(),
        included.path("expires_at").textValue());
  }

  private static String home(DueCallback due) {
    return PagePaths.home(due.user(), due.profile());
  }

  private static String status(DueCallback due) {
    return due.event().substring(due.event().indexOf('.') + 1);
  }

  private List<WebhookSecret> secrets(DueCallback due) {
    String opened =
        box.open(new Sealed(due.secretsSealed()), TaskCallback.sealContext(due.callbackId()))
            .value();
    return Stream.of(json.read(opened, String[].class)).map(WebhookSecret::parse).toList();
  }

  @RegisterForReflection
  record Event(String type, Instant timestamp, Subject data) {}

  /**
   * The run that has ended; what is not included is read at its address.
   *
   * @param url its absolute URL
   * @param consoleUrl the absolute URL of its page in the console
   * @param status ready or error
   * @param error why it failed; null where it did not
   * @param failuresInARow how many runs of the task have failed since one was ready, this one
   *     included
   * @param warnings the codes of its warnings; null where an earlier version ended it
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Subject(
      String profile,
      String task,
      String run,
      String url,
      String consoleUrl,
      String status,
      @Nullable JsonNode error,
      @JsonProperty("failures_in_a_row") @Nullable JsonNode failuresInARow,
      @Nullable JsonNode warnings,
      @Nullable JsonNode output,
      @Nullable JsonNode result,
      @Nullable JsonNode truncated,
      @Nullable JsonNode usage) {}

  /**
   * The body of a delivery about what else happened to a task.
   *
   * @param data profile, task, the address of its schedule, of its approval or its own, and the
   *     event's details
   */
  @RegisterForReflection
  record OtherEvent(String type, Instant timestamp, JsonNode data) {}

  /**
   * The body of a delivery about a credential.
   *
   * @param timestamp when it was noticed
   */
  @RegisterForReflection
  record CredentialEvent(String type, Instant timestamp, CredentialSubject data) {}

  /**
   * The installation whose credential ends.
   *
   * @param url where a person connects it again or sets its header fields, absolute
   * @param status expiring or failing
   * @param reason why it was not renewed; null where it just ends
   * @param expiresAt when it ends; null where that is not known
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record CredentialSubject(
      String profile,
      String task,
      String installation,
      String url,
      String status,
      @Nullable String reason,
      @Nullable String expiresAt) {}
}
