package dev.errand.app.telemetry;

import dev.errand.base.json.Coded;
import dev.errand.models.port.ModelAsked;
import dev.errand.models.port.ToolCalled;
import dev.errand.models.port.Turn;
import dev.errand.models.port.Usage;
import dev.errand.runs.queue.Claim;
import dev.errand.runs.worker.RunObserver.End;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Traces runs by the semantic conventions for generative AI: a span per attempt with a child per
 * request to the model and per tool call. Without tracing its cost is negligible.
 */
@Singleton
class RunSpans {
  private static final double NANOS = 1e9;
  private static final String OPERATION = "gen_ai.operation.name";
  private static final String PROVIDER = "gen_ai.provider.name";
  private static final String MODEL = "gen_ai.request.model";
  private static final String AGENT = "gen_ai.agent.name";
  private static final String CONVERSATION = "gen_ai.conversation.id";
  private static final String ERROR_TYPE = "error.type";
  private static final AttributeKey<List<String>> FINISH_REASONS =
      AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");

  private final Tracing tracing;
  private final Tracer tracer;
  private final SpanContent content;

  RunSpans(Tracing tracing, SpanContent content) {
    this.tracing = tracing;
    this.tracer = tracing.tracer();
    this.content = content;
  }

  /**
   * Starts the span of an attempt, which is current on the calling thread until it is closed there.
   */
  Attempt begin(Claim claim) {
    Span span =
        tracer
            .spanBuilder("invoke_agent " + claim.task())
            .setParent(Tracing.read(claim.traceparent()))
            .setAttribute(OPERATION, "invoke_agent")
            .setAttribute(AGENT, claim.task())
            .startSpan();
    // A run is one conversation, whichever attempts it has.
    String conversation = claim.profile() + "/" + claim.task() + "/" + claim.name();
    if (span.isRecording()) {
      span.setAttribute(CONVERSATION, conversation);
      span.setAttribute("errand.profile", claim.profile());
      span.setAttribute("errand.run", claim.name());
      span.setAttribute("errand.attempt", claim.attempt());
    }
    return new Attempt(span, claim.task(), conversation);
  }

  /** An attempt under way. */
  final class Attempt {
    private final Span span;
    private final String task;
    private final String conversation;
    private final Scope scope;
    private final LongAdder input = new LongAdder();
    private final LongAdder output = new LongAdder();

    // It is closed with the attempt.
    @SuppressWarnings("MustBeClosedChecker")
    private Attempt(Span span, String task, String conversation) {
      this.span = span;
      this.task = task;
      this.conversation = conversation;
      this.scope = tracing.current(span);
    }

    void modelAsked(ModelAsked asked) {
      if (!span.isRecording()) {
        return;
      }
      span.setAttribute(MODEL, asked.model());
      // What a sampler may decide by is there from the start.
      SpanBuilder builder =
          begun("chat " + asked.model(), asked.begun())
              .setSpanKind(SpanKind.CLIENT)
              .setAttribute(OPERATION, "chat")
              .setAttribute(PROVIDER, asked.traced().provider())
              .setAttribute(MODEL, asked.model());
      setServer(builder, asked.endpoint());
      Span chat = builder.startSpan();
      chat.setAttribute(CONVERSATION, conversation);
      asked.traced().attributes().forEach((name, value) -> set(chat, name, value));
      content.ofRequest(chat, asked);
      switch (asked.result()) {
        case ModelAsked.Answered answer -> answered(chat, answer);
        case ModelAsked.Unanswered unanswered -> failed(chat, unanswered.failure().code());
        case ModelAsked.Interrupted() -> failed(chat, "cut_off");
      }
      end(chat, asked.begun(), asked.took());
    }

    private void answered(Span chat, ModelAsked.Answered answer) {
      Turn turn = answer.turn();
      Usage.Step used = turn.used();
      input.add(used.promptTokens());
      output.add(used.completionTokens());
      if (used.totalTokens() > 0) {
        setTokens(chat, used.promptTokens(), used.completionTokens());
      }
      setIfAny(chat, "gen_ai.usage.cache_read.input_tokens", used.cachedTokens());
      setIfAny(chat, "gen_ai.usage.cache_write.input_tokens", used.cacheWriteTokens());
      setIfAny(chat, "gen_ai.usage.reasoning.output_tokens", used.reasoningTokens());
      if (turn.id() != null) {
        chat.setAttribute("gen_ai.response.id", turn.id());
      }
      if (turn.model() != null) {
        chat.setAttribute("gen_ai.response.model", turn.model());
      }
      if (turn.finish() != null) {
        chat.setAttribute(FINISH_REASONS, List.of(turn.finish()));
      }
      Duration firstChunk = turn.firstChunk();
      if (firstChunk != null) {
        chat.setAttribute(
            "gen_ai.response.time_to_first_chunk", (double) firstChunk.toNanos() / NANOS);
      }
      content.ofAnswer(chat, answer);
    }

    void toolCalled(ToolCalled called) {
      if (!span.isRecording()) {
        return;
      }
      Span tool =
          begun("execute_tool " + called.call().name(), called.begun())
              .setAttribute(OPERATION, "execute_tool")
              .startSpan();
      tool.setAttribute(AGENT, task);
      tool.setAttribute("gen_ai.tool.name", called.call().name());
      tool.setAttribute("gen_ai.tool.call.id", called.call().id());
      tool.setAttribute("gen_ai.tool.type", "function");
      content.ofTool(tool, called);
      if (called.result().isError()) {
        failed(tool, "tool_error");
      }
      end(tool, called.begun(), called.took());
    }

    void ended(End end, @Nullable String code) {
      span.setAttribute("errand.end", Coded.codeOf(end));
      if (code != null) {
        failed(span, code);
      }
    }

    void close() {
      scope.close();
      if (span.isRecording()) {
        setTokens(span, input.sum(), output.sum());
      }
      span.end();
    }

    private SpanBuilder begun(String name, Instant at) {
      return tracer.spanBuilder(name).setParent(Context.root().with(span)).setStartTimestamp(at);
    }
  }

  private static void end(Span span, Instant begun, Duration took) {
    span.end(begun.plus(took));
  }

  private static void failed(Span span, String type) {
    span.setAttribute(ERROR_TYPE, type);
    span.setStatus(StatusCode.ERROR);
  }

  private static void setTokens(Span span, long input, long output) {
    span.setAttribute("gen_ai.usage.input_tokens", input);
    span.setAttribute("gen_ai.usage.output_tokens", output);
  }

  private static void setIfAny(Span span, String name, long tokens) {
    if (tokens > 0) {
      span.setAttribute(name, tokens);
    }
  }

  private static void set(Span span, String name, Object value) {
    switch (value) {
      case Boolean flag -> span.setAttribute(name, flag);
      case Double number -> span.setAttribute(name, number);
      case Number whole -> span.setAttribute(name, whole.longValue());
      default -> span.setAttribute(name, value.toString());
    }
  }

  private static void setServer(SpanBuilder span, URI endpoint) {
    boolean secure = "https".equals(endpoint.getScheme().toLowerCase(Locale.ROOT));
    span.setAttribute("server.address", endpoint.getHost());
    span.setAttribute(
        "server.port", endpoint.getPort() >= 0 ? endpoint.getPort() : secure ? 443 : 80);
  }
}
