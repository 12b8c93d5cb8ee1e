package dev.errand.automation.callback;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.automation.callback.CallbackObserver.AttemptOutcome;
import dev.errand.automation.event.TaskEvent;
import dev.errand.base.egress.address.EgressRefusedException;
import dev.errand.base.egress.client.GuardedHttp;
import dev.errand.base.http.RetryAfter;
import dev.errand.base.json.Json;
import dev.errand.base.secret.Sealed;
import dev.errand.base.secret.SecretBox;
import dev.errand.base.secret.WebhookSecret;
import dev.errand.runs.history.RunUrls;
import dev.errand.runs.task.TaskCallback;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Sends one attempt of a callback delivery, by Standard Webhooks 1.0. */
@ApplicationScoped
class CallbackSender {
  private static final String TASK = "/api/profiles/{user}/{profile}/tasks/{task}";
  private static final String SCHEDULE = TASK + "/schedules/{schedule}";

  private final GuardedHttp http;
  private final SecretBox box;
  private final RunUrls urls;
  private final Json json;
  private final Clock clock;
  private final CallbackConfig config;
  private final CallbackObserver observer;

  CallbackSender(
      GuardedHttp http,
      SecretBox box,
      RunUrls urls,
      Json json,
      Clock clock,
      CallbackConfig config,
      CallbackObserver observer) {
    this.http = http;
    this.box = box;
    this.urls = urls;
    this.json = json;
    this.clock = clock;
    this.config = config;
    this.observer = observer;
  }

  /**
   * Sends the event and returns the result, by status and header fields alone. Redirects are not
   * followed, and count as failed attempts.
   */
  AttemptResult deliver(DueDelivery due) throws InterruptedException {
    try (CallbackObserver.Observation observation = observer.begin(due.url(), due.traceparent())) {
      AttemptResult result = send(due, observation.headers());
      observation.ended(result.outcome(), result.status());
      return result;
    }
  }

  private AttemptResult send(DueDelivery due, Map<String, String> ofTheTrace)
      throws InterruptedException {
    byte[] body = body(due);
    String id = due.deliveryId().toString();
    Instant now = clock.instant();
    Map<String, String> headers = new HashMap<>(ofTheTrace);
    headers.put("content-type", "application/json");
    headers.put("webhook-id", id);
    headers.put("webhook-timestamp", Long.toString(now.getEpochSecond()));
    headers.put("webhook-signature", signatures(due, id, now, body));
    long begun = System.nanoTime();
    try {
      GuardedHttp.Answer answer =
          http.send(
              new GuardedHttp.Request(
                  "POST",
                  due.url(),
                  headers,
                  body,
                  List.of("*"),
                  config.timeout(),
                  GuardedHttp.Request.NO_BODY,
                  0));
      AttemptOutcome outcome = outcome(answer.status());
      return new AttemptResult(
          outcome,
          answer.status(),
          null,
          outcome == AttemptOutcome.UNWANTED,
          since(begun),
          askedToWait(answer, now));
    } catch (EgressRefusedException e) {
      return unsent(AttemptOutcome.REFUSED, e, begun);
    } catch (IOException e) {
      return unsent(AttemptOutcome.UNANSWERED, e, begun);
    }
  }

  private static AttemptOutcome outcome(int status) {
    if (status >= 200 && status < 300) {
      return AttemptOutcome.ACCEPTED;
    }
    return status == 410 ? AttemptOutcome.UNWANTED : AttemptOutcome.ANSWERED_OTHERWISE;
  }

  private static AttemptResult unsent(AttemptOutcome outcome, Exception why, long begun) {
    return new AttemptResult(outcome, null, why.getMessage(), false, since(begun), Duration.ZERO);
  }

  private byte[] body(DueDelivery due) {
    JsonNode included = due.included() == null ? json.object() : json.tree(due.included());
    String run = due.run();
    String installation = due.installation();
    if (run != null) {
      return json.bytes(new Event(due.event(), due.happenedAt(), run(due, run, included)));
    }
    if (installation != null) {
      return json.bytes(
          new CredentialEvent(
              due.event(), due.happenedAt(), credential(due, installation, included)));
    }
    return json.bytes(new OtherEvent(due.event(), due.happenedAt(), task(due, included)));
  }

  private JsonNode task(DueDelivery due, JsonNode included) {
    JsonNode schedule = included.path(TaskEvent.SCHEDULE);
    URI under = URI.create(due.baseUrl() == null ? "" : due.baseUrl());
    URI url =
        schedule.isTextual()
            ? urls.absolute(
                under, SCHEDULE, due.user(), due.profile(), due.task(), schedule.textValue())
            : urls.absolute(under, TASK, due.user(), due.profile(), due.task());
    ObjectNode subject =
        json.object()
            .put("profile", due.user() + "/" + due.profile())
            .put("task", due.task())
            .put("url", url.toString());
    included.properties().forEach(field -> subject.set(field.getKey(), field.getValue()));
    return subject;
  }

  private Subject run(DueDelivery due, String run, JsonNode included) {
    return new Subject(
        due.user() + "/" + due.profile(),
        due.task(),
        run,
        urls.of(due.baseUrl(), due.user(), due.profile(), due.task(), run).toString(),
        status(due),
        included.get("output"),
        included.get("result"),
        included.get("truncated"),
        included.get("usage"));
  }

  private CredentialSubject credential(DueDelivery due, String installation, JsonNode included) {
    return new CredentialSubject(
        due.user() + "/" + due.profile(),
        due.task(),
        installation,
        urls.ofConnection(due.baseUrl(), due.user(), due.profile(), installation).toString(),
        status(due),
        included.path("reason").textValue(),
        included.path("expires_at").textValue());
  }

  private static String status(DueDelivery due) {
    return due.event().substring(due.event().indexOf('.') + 1);
  }

  private String signatures(DueDelivery due, String id, Instant now, byte[] body) {
    String opened =
        box.open(new Sealed(due.secretsSealed()), TaskCallback.sealContext(due.callbackId()))
            .value();
    return Stream.of(json.read(opened, String[].class))
        .map(secret -> WebhookSecret.parse(secret).sign(id, now, body))
        .collect(Collectors.joining(" "));
  }

  private static Duration askedToWait(GuardedHttp.Answer answer, Instant now) {
    return RetryAfter.in(name -> answer.headers().getOrDefault(name, List.of("")).getFirst(), now)
        .orElse(Duration.ZERO);
  }

  private static Duration since(long begun) {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  @RegisterForReflection
  record Event(String type, Instant timestamp, Subject data) {}

  /**
   * The run that has ended; what is not included is read at its address.
   *
   * @param url its absolute URL
   * @param status ready or error
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Subject(
      String profile,
      String task,
      String run,
      String url,
      String status,
      @Nullable JsonNode output,
      @Nullable JsonNode result,
      @Nullable JsonNode truncated,
      @Nullable JsonNode usage) {}

  /**
   * The body of a delivery about what else happened to a task.
   *
   * @param data profile, task, the address of its schedule or its own, and the event's details
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
   * @param url where a person connects it again, absolute
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
