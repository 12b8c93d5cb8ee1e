package dev.errand.runner.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.egress.EgressPolicy;
import dev.errand.egress.EgressRefusals;
import dev.errand.egress.EgressRefusedException;
import dev.errand.runner.Bounds;
import dev.errand.runner.Failure;
import dev.errand.runner.ModelAsked;
import dev.errand.runner.RunListener;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeoutException;

/** Asks a model once, and says in the runner's words what came of it. */
@ApplicationScoped
class ModelClient {
  private final ModelConnections connections;
  private final ModelAnswers answers;
  private final ModelErrors errors;
  private final StreamReader streams;
  private final ModelEndpoints endpoints;
  private final EgressPolicy egress;
  private final EgressRefusals refusals;
  private final OpenAiConfig config;
  private final Clock clock;

  ModelClient(
      ModelConnections connections,
      ModelAnswers answers,
      ModelErrors errors,
      StreamReader streams,
      ModelEndpoints endpoints,
      EgressPolicy egress,
      EgressRefusals refusals,
      OpenAiConfig config,
      Clock clock) {
    this.connections = connections;
    this.answers = answers;
    this.errors = errors;
    this.streams = streams;
    this.endpoints = endpoints;
    this.egress = egress;
    this.refusals = refusals;
    this.config = config;
    this.clock = clock;
  }

  /**
   * Asks, and waits no longer than the run's time and the longest time of an answer.
   *
   * @param listener is asked whether there is still reason to, takes the text of an answer that
   *     comes in pieces, and is told when the model was asked
   */
  ModelAnswer ask(
      OpenAiSettings settings, String key, ObjectNode request, Bounds bounds, RunListener listener)
      throws InterruptedException {
    URI endpoint = endpoints.of(settings.baseUrl());
    Instant begun = clock.instant();
    long start = System.nanoTime();
    ModelAsked.Result result = new ModelAsked.CutOff();
    try {
      ModelAnswer answer = ask(endpoint, settings, key, request, bounds, listener);
      result = resultOf(answer);
      return answer;
    } finally {
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      listener.modelAsked(new ModelAsked(endpoint, settings.model(), begun, took, request, result));
    }
  }

  private static ModelAsked.Result resultOf(ModelAnswer answer) {
    return switch (answer) {
      case ModelAnswer.Message message ->
          new ModelAsked.Answered(
              message.message(), message.model(), message.finish(), message.used());
      case ModelAnswer.Refusal refusal -> new ModelAsked.Unanswered(refusal.failure());
      case ModelAnswer.Setback setback -> new ModelAsked.Unanswered(setback.failure());
    };
  }

  private ModelAnswer ask(
      URI endpoint,
      OpenAiSettings settings,
      String key,
      ObjectNode request,
      Bounds bounds,
      RunListener listener)
      throws InterruptedException {
    try {
      if (!endpoints.isTrusted(endpoint)) {
        egress.checkUrl(endpoint);
      }
    } catch (EgressRefusedException e) {
      refusals.refused(e.reason());
      return new ModelAnswer.Refusal(
          Failure.MODEL_UNAVAILABLE, "The model was not asked. " + e.getMessage());
    }
    Duration left = Duration.between(clock.instant(), bounds.deadline());
    boolean runEndsFirst = left.compareTo(config.timeout()) < 0;
    long start = System.nanoTime();
    long until = start + (runEndsFirst ? left : config.timeout()).toNanos();
    // A lone surrogate, which is no UTF-8, becomes a question mark here and an error elsewhere.
    byte[] body = request.toString().getBytes(StandardCharsets.UTF_8);
    try (ModelExchange exchange =
        connections.send(endpoint, key, body, request.has("stream"), listener::isHeld)) {
      ModelExchange.Head head = exchange.head(until);
      if (head.status() != 200) {
        String whole = exchange.rest(until);
        return errors.read(endpoint, key, head, whole, millisSince(start));
      }
      boolean streamed = isStream(head);
      JsonNode completion =
          streamed
              ? streams.read(exchange, endpoint.getHost(), until, listener::delta)
              : answers.parse(exchange.rest(until));
      return isError(completion, streamed)
          ? errors.inAnswer(endpoint, key, completion.path("error"), millisSince(start))
          : answers.read(endpoint, settings.model(), completion, millisSince(start));
    } catch (TimeoutException e) {
      return runEndsFirst
          ? new ModelAnswer.Refusal(Failure.TIMEOUT, bounds.timeUp())
          : new ModelAnswer.Setback(
              Failure.MODEL_UNAVAILABLE,
              endpoint.getHost() + " did not answer within " + config.timeout() + ".",
              null,
              millisSince(start));
    } catch (NotHeldException e) {
      throw new InterruptedException(e.getMessage());
    } catch (AddressRefusedException e) {
      refusals.refused(EgressRefusedException.Reason.ADDRESS);
      return new ModelAnswer.Refusal(Failure.MODEL_UNAVAILABLE, String.valueOf(e.getMessage()));
    } catch (AnswerTooLargeException e) {
      return new ModelAnswer.Refusal(Failure.MODEL_ANSWER_INVALID, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return new ModelAnswer.Setback(
          Failure.MODEL_UNAVAILABLE,
          endpoint.getHost()
              + " could not be reached, or the connection was cut: is openai.base_url right?",
          null,
          millisSince(start));
    }
  }

  // A server that does not stream answers as it always does.
  private static boolean isStream(ModelExchange.Head head) {
    String type = head.headers().get("content-type");
    return type != null && type.toLowerCase(Locale.ROOT).startsWith("text/event-stream");
  }

  // There are servers that pass on another one's error with their own status, which is 200.
  private static boolean isError(JsonNode completion, boolean streamed) {
    return streamed
        ? completion.has("error")
        : completion.path("error").isObject()
            && !completion.path("choices").path(0).path("message").isObject();
  }

  private static long millisSince(long start) {
    return (System.nanoTime() - start) / 1_000_000;
  }
}
