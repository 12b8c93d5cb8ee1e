package dev.errand.app.telemetry;

import dev.errand.models.port.ModelAsked;
import dev.errand.models.port.RunError;
import dev.errand.models.port.ToolCalled;
import dev.errand.models.port.Usage;
import dev.errand.models.port.WarningCode;
import dev.errand.runs.queue.Claim;
import dev.errand.runs.queue.RunEnded;
import dev.errand.runs.queue.RunStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counters and timers of runs, models and tool calls. */
@Startup
@Singleton
class RunMeters {
  private static final String NO_CODE = "none";
  private static final String OPERATION = "gen_ai.operation.name";
  private static final String CHAT = "chat";
  private static final String PROVIDER = "gen_ai.provider.name";

  private final MeterRegistry meters;
  private final Map<String, ClientMeters> clients = new ConcurrentHashMap<>();
  private final Counter claims;
  private final Counter leasesLost;
  private final Timer started;
  private final Counter cost;
  private final Counter prompt;
  private final Counter completion;
  private final Counter cached;
  private final Counter cacheWrite;
  private final Counter reasoning;
  private final Timer answered;
  private final Timer cutOff;
  private final Timer toolAnswered;
  private final Timer toolFailed;

  RunMeters(MeterRegistry meters) {
    this.meters = meters;
    this.claims =
        Counter.builder("errand.claims")
            .description("Attempts of runs that were started by this process.")
            .register(meters);
    this.leasesLost =
        Counter.builder("errand.leases.lost")
            .description("Runs whose lease this process found expired.")
            .register(meters);
    this.started =
        Timers.elsewhere("errand.run.start", "How long runs were due before their first attempt.")
            .register(meters);
    this.cost =
        Counter.builder("errand.model.cost.usd")
            .description("The cost of models in US dollars, as far as prices are known.")
            .register(meters);
    this.prompt = tokens("prompt");
    this.completion = tokens("completion");
    this.cached = tokens("cached");
    this.cacheWrite = tokens("cache_write");
    this.reasoning = tokens("reasoning");
    this.answered = model("answered");
    this.cutOff = model("cut_off");
    this.toolAnswered = tool("answered");
    this.toolFailed = tool("failed");
    // Registered at the start, so that the first one shows as an increase.
    end(RunStatus.READY.code(), NO_CODE);
    for (WarningCode code : WarningCode.values()) {
      warning(code.code());
    }
    for (RunError error : RunError.values()) {
      end(RunStatus.ERROR.code(), error.code());
      if (error.isBound()) {
        warning(error.code());
      }
      if (error.isOfModel()) {
        model(error.code());
      }
    }
  }

  void claimed(Claim claim) {
    claims.increment();
    if (claim.attempt() == 1) {
      Duration waited = Duration.between(claim.dueAt(), claim.startedAt());
      // A claim's time is when its transaction began, which may be before the run was due; a timer
      // refuses a negative time, and logs it.
      started.record(waited.isNegative() ? Duration.ZERO : waited);
    }
  }

  void leasesLost(int leases) {
    leasesLost.increment(leases);
  }

  void ended(@Observes(during = TransactionPhase.AFTER_SUCCESS) RunEnded end) {
    end(end.status().code(), end.error() == null ? NO_CODE : end.error().code()).increment();
  }

  private Counter end(String status, String code) {
    return Counter.builder("errand.runs.ended")
        .description("Runs that this process has ended.")
        .tag("status", status)
        .tag("code", code)
        .register(meters);
  }

  void warned(String code) {
    warning(code).increment();
  }

  private Counter warning(String code) {
    return Counter.builder("errand.run.warnings")
        .description("Warnings that this process has written to runs.")
        .tag("code", code)
        .register(meters);
  }

  void modelAsked(ModelAsked asked) {
    ClientMeters client = client(asked.traced().provider());
    switch (asked.result()) {
      case ModelAsked.Answered answer -> {
        answered.record(asked.took());
        client.answered.record(asked.took());
        used(answer.turn().used());
        client.used(answer.turn().used());
        Duration firstChunk = answer.turn().firstChunk();
        if (firstChunk != null) {
          client.firstChunk.record(firstChunk);
        }
      }
      case ModelAsked.Unanswered(RunError failure) -> {
        model(failure.code()).record(asked.took());
        client.failed(failure.code()).record(asked.took());
      }
      case ModelAsked.Interrupted() -> {
        cutOff.record(asked.took());
        client.failed("cut_off").record(asked.took());
      }
    }
  }

  private ClientMeters client(String provider) {
    ClientMeters known = clients.get(provider);
    return known == null
        ? clients.computeIfAbsent(provider, _ -> new ClientMeters(provider))
        : known;
  }

  /**
   * The meters of a vendor by OpenTelemetry's conventions for generative AI. The names of models
   * and servers are left out: users choose them, so there is no end to their number.
   */
  private final class ClientMeters {
    private final String provider;
    private final Timer answered;
    private final Timer firstChunk;
    private final Counter input;
    private final Counter output;
    private final Counter cacheRead;
    private final Counter cacheWrite;
    private final Counter reasoning;

    ClientMeters(String provider) {
      this.provider = provider;
      this.answered = failed("");
      this.firstChunk =
          Timer.builder("gen_ai.client.operation.time_to_first_chunk")
              .description("How long the first chunks of streamed answers of models took.")
              .serviceLevelObjectives(Timers.GEN_AI)
              .tag(OPERATION, CHAT)
              .tag(PROVIDER, provider)
              .register(meters);
      this.input = tokens("input_tokens");
      this.output = tokens("output_tokens");
      this.cacheRead = tokens("cache_read.input_tokens");
      this.cacheWrite = tokens("cache_write.input_tokens");
      this.reasoning = tokens("reasoning.output_tokens");
    }

    /** The timer of requests that end so; an empty type is an answer. */
    Timer failed(String type) {
      return Timer.builder("gen_ai.client.operation.duration")
          .description("How long requests to models took.")
          .serviceLevelObjectives(Timers.GEN_AI)
          .tag(OPERATION, CHAT)
          .tag(PROVIDER, provider)
          .tag("error.type", type)
          .register(meters);
    }

    private Counter tokens(String kind) {
      return Counter.builder("gen_ai.client.inference.usage." + kind)
          .description("Tokens of requests to models; a more special kind is among the other.")
          .tag(OPERATION, CHAT)
          .tag(PROVIDER, provider)
          .tag("gen_ai.token.modality", "unknown")
          .register(meters);
    }

    void used(Usage.Step used) {
      input.increment((double) used.promptTokens());
      output.increment((double) used.completionTokens());
      cacheRead.increment((double) used.cachedTokens());
      cacheWrite.increment((double) used.cacheWriteTokens());
      reasoning.increment((double) used.reasoningTokens());
    }
  }

  private void used(Usage.Step used) {
    prompt.increment((double) used.promptTokens());
    completion.increment((double) used.completionTokens());
    cached.increment((double) used.cachedTokens());
    cacheWrite.increment((double) used.cacheWriteTokens());
    reasoning.increment((double) used.reasoningTokens());
    if (used.costUsd() != null) {
      cost.increment(used.costUsd());
    }
  }

  void toolCalled(ToolCalled called) {
    (called.result().isError() ? toolFailed : toolAnswered).record(called.took());
  }

  private Counter tokens(String kind) {
    return Counter.builder("errand.model.tokens")
        .description(
            "Tokens; cached and cache_write are among the prompt's, reasoning among the completion's.")
        .tag("kind", kind)
        .register(meters);
  }

  private Timer model(String outcome) {
    return Timers.elsewhere("errand.model", "How long models took to answer.")
        .tag("outcome", outcome)
        .register(meters);
  }

  private Timer tool(String outcome) {
    return Timers.elsewhere("errand.tool", "How long the tool calls of models took.")
        .tag("outcome", outcome)
        .register(meters);
  }
}
