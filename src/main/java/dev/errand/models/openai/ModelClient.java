package dev.errand.models.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.budget.BudgetExhaustedException;
import dev.errand.base.budget.ByteBudget;
import dev.errand.base.budget.JsonWeight;
import dev.errand.base.egress.address.EgressRefusedException;
import dev.errand.base.egress.client.GuardedConnections;
import dev.errand.base.egress.client.GuardedExchange;
import dev.errand.models.model.Bounds;
import dev.errand.models.model.ModelAnswer;
import dev.errand.models.model.ModelAsked;
import dev.errand.models.model.RunFailure;
import dev.errand.models.model.RunListener;
import dev.errand.models.model.settings.ModelConfig;
import dev.errand.models.model.settings.ModelSettings;
import dev.errand.models.wire.AnswerRoom;
import dev.errand.models.wire.ModelAnswerTooLargeException;
import dev.errand.models.wire.ModelEndpoints;
import dev.errand.models.wire.ModelErrors;
import io.vertx.core.buffer.Buffer;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Asks a model once, and says in the runner's words what came of it. */
@ApplicationScoped
class ModelClient {
  private final GuardedConnections connections;
  private final ByteBudget memory;
  private final ModelAnswers answers;
  private final ModelErrors errors;
  private final StreamReader streams;
  private final ModelEndpoints endpoints;
  private final ModelConfig config;
  private final Clock clock;

  ModelClient(
      GuardedConnections connections,
      ByteBudget memory,
      ModelAnswers answers,
      ModelErrors errors,
      StreamReader streams,
      ModelEndpoints endpoints,
      ModelConfig config,
      Clock clock) {
    this.connections = connections;
    this.memory = memory;
    this.answers = answers;
    this.errors = errors;
    this.streams = streams;
    this.endpoints = endpoints;
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
      ModelSettings settings, String key, ObjectNode request, Bounds bounds, RunListener listener)
      throws InterruptedException {
    URI endpoint = endpoints.of(settings);
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
      ModelSettings settings,
      String key,
      ObjectNode request,
      Bounds bounds,
      RunListener listener)
      throws InterruptedException {
    Duration left = Duration.between(clock.instant(), bounds.deadline());
    boolean runEndsFirst = left.compareTo(config.timeout()) < 0;
    Duration patience = runEndsFirst ? left : config.timeout();
    String host = endpoint.getHost();
    long most = config.maxAnswer().asLongValue();
    long start = System.nanoTime();
    try (AnswerRoom room = new AnswerRoom(memory, host, most, start + patience.toNanos());
        GuardedExchange exchange =
            connections.connect(requestTo(endpoint, key, request, patience))) {
      if (!listener.isHeld()) {
        throw new InterruptedException("The run is no longer held here.");
      }
      GuardedExchange.Head head = exchange.send();
      if (head.status() != 200) {
        String whole = textOf(exchange, room);
        return errors.read(endpoint, key, head, whole, millisSince(start));
      }
      boolean streamed = isStream(head);
      JsonNode completion =
          streamed
              ? streams.read(exchange, host, room, listener::delta)
              : answers.parse(textOf(exchange, room));
      if (isError(completion, streamed)) {
        return errors.inAnswer(endpoint, key, completion.path("error"), millisSince(start));
      }
      ModelAnswer answer = answers.read(endpoint, settings.model(), completion, millisSince(start));
      if (answer instanceof ModelAnswer.Message) {
        listener.holds(room.handOn());
      }
      return answer;
    } catch (SocketTimeoutException e) {
      return runEndsFirst
          ? new ModelAnswer.Refusal(RunFailure.TIMEOUT, bounds.timeUp())
          : unavailable(host + " did not answer within " + config.timeout() + ".", start);
    } catch (EgressRefusedException e) {
      return new ModelAnswer.Refusal(RunFailure.MODEL_UNAVAILABLE, refusal(endpoint, e));
    } catch (ModelAnswerTooLargeException e) {
      return new ModelAnswer.Refusal(
          RunFailure.MODEL_ANSWER_INVALID, String.valueOf(e.getMessage()));
    } catch (BudgetExhaustedException e) {
      String sentence = "The answer of " + host + " was not read. " + e.getMessage() + ".";
      return e.isPassing()
          ? unavailable(sentence, start)
          : new ModelAnswer.Refusal(RunFailure.MODEL_ANSWER_INVALID, sentence);
    } catch (IOException e) {
      return unavailable(
          host + " could not be reached, or the connection was cut: is openai.base_url right?",
          start);
    }
  }

  private GuardedConnections.Request requestTo(
      URI endpoint, String key, ObjectNode request, Duration patience) {
    Map<String, String> headers = new HashMap<>();
    headers.put("content-type", "application/json");
    headers.put("accept", "application/json, text/event-stream");
    if (!key.isEmpty()) {
      headers.put("authorization", "Bearer " + key);
    }
    String base = endpoint.toString();
    return new GuardedConnections.Request(
        "POST",
        (base.endsWith("/") ? base : base + "/") + "chat/completions",
        headers,
        // A lone surrogate, which is no UTF-8, becomes a question mark here and an error elsewhere.
        request.toString().getBytes(StandardCharsets.UTF_8),
        patience,
        config.connectTimeout(),
        endpoints.isTrusted(endpoint));
  }

  // Whatever is behind a name that may not be called, nobody learns of it here.
  private static String refusal(URI endpoint, EgressRefusedException why) {
    return why.reason() == EgressRefusedException.Reason.REQUEST
        ? "The model was not asked. " + why.getMessage()
        : "The model was not asked: "
            + endpoint.getRawAuthority()
            + " may not be called from here. The operator may allow it in errand.egress.allow"
            + " (ERRAND_EGRESS_ALLOW).";
  }

  private static String textOf(GuardedExchange exchange, AnswerRoom room)
      throws IOException, InterruptedException {
    Buffer all = Buffer.buffer();
    JsonWeight weight = new JsonWeight();
    for (byte[] piece = exchange.next(); piece != null; piece = exchange.next()) {
      weight.add(piece, 0, piece.length);
      room.holdText(all.length() + (long) piece.length, weight.bytes());
      all.appendBytes(piece);
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  private static ModelAnswer unavailable(String sentence, long start) {
    return new ModelAnswer.Setback(
        RunFailure.MODEL_UNAVAILABLE, sentence, null, millisSince(start));
  }

  // A server that does not stream answers as it always does.
  private static boolean isStream(GuardedExchange.Head head) {
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
