package dev.errand.runner.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.egress.EgressPolicy;
import dev.errand.egress.EgressRefusedException;
import dev.errand.runner.Bounds;
import dev.errand.runner.Failure;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Asks a model once, and says in the runner's words what came of it. */
@ApplicationScoped
class ModelClient {
  private final ModelConnections connections;
  private final ModelAnswers answers;
  private final ModelEndpoints endpoints;
  private final EgressPolicy egress;
  private final OpenAiConfig config;
  private final Clock clock;

  ModelClient(
      ModelConnections connections,
      ModelAnswers answers,
      ModelEndpoints endpoints,
      EgressPolicy egress,
      OpenAiConfig config,
      Clock clock) {
    this.connections = connections;
    this.answers = answers;
    this.endpoints = endpoints;
    this.egress = egress;
    this.config = config;
    this.clock = clock;
  }

  ModelAnswer ask(@Nullable String baseUrl, String key, ObjectNode request, Bounds bounds)
      throws InterruptedException {
    URI endpoint = endpoints.of(baseUrl);
    try {
      if (!endpoints.isTrusted(endpoint)) {
        egress.checkUrl(endpoint);
      }
    } catch (EgressRefusedException e) {
      return new ModelAnswer.Refusal(
          Failure.MODEL_UNAVAILABLE, "The model was not asked. " + e.getMessage());
    }
    Duration left = Duration.between(clock.instant(), bounds.deadline());
    boolean runEndsFirst = left.compareTo(config.timeout()) < 0;
    long waitMs = Math.max(1, (runEndsFirst ? left : config.timeout()).toMillis());
    long start = System.nanoTime();
    CompletableFuture<RestResponse<String>> pending =
        connections
            .to(endpoint)
            .create(key.isEmpty() ? null : "Bearer " + key, request)
            .subscribeAsCompletionStage();
    try {
      RestResponse<String> response = pending.get(waitMs, TimeUnit.MILLISECONDS);
      long tookMs = (System.nanoTime() - start) / 1_000_000;
      return answers.read(endpoint, key, response, tookMs);
    } catch (TimeoutException e) {
      return runEndsFirst
          ? new ModelAnswer.Refusal(Failure.TIMEOUT, timeUp(bounds))
          : new ModelAnswer.Refusal(
              Failure.MODEL_UNAVAILABLE,
              endpoint.getHost() + " did not answer within " + config.timeout() + ".");
    } catch (ExecutionException e) {
      return answers.unreachable(endpoint, e);
    } finally {
      // An answer that nobody waits for any more would still be paid for.
      pending.cancel(true);
    }
  }

  static String timeUp(Bounds bounds) {
    return "The run did not end within " + bounds.timeout() + ", its settings.timeout.";
  }
}
