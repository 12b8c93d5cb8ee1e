package dev.errand.models.wire;

import dev.errand.base.egress.address.EgressRefusedException;
import dev.errand.base.egress.client.GuardedConnections;
import dev.errand.base.egress.client.GuardedExchange;
import dev.errand.base.egress.client.UntrustedCertificateException;
import dev.errand.base.json.Durations;
import dev.errand.base.json.Json;
import dev.errand.base.limit.BudgetExhaustedException;
import dev.errand.base.limit.ByteBudget;
import dev.errand.base.limit.ElapsedClock;
import dev.errand.models.port.Bounds;
import dev.errand.models.port.ModelAnswer;
import dev.errand.models.port.ModelConfig;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.Pace;
import dev.errand.models.port.RunError;
import dev.errand.models.port.RunListener;
import dev.errand.models.port.Turn;
import dev.errand.models.port.Usage;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The HTTP client for models' servers: sends requests and reads answers within limits of time,
 * bytes and memory that apply to all vendors.
 */
@Singleton
public class ModelClient {
  private static final int TOO_MANY = 429;

  private final GuardedConnections connections;
  private final ByteBudget memory;
  private final AnswerReader reader;
  private final ModelEndpoints endpoints;
  private final ModelConfig config;
  private final Json json;
  private final Clock clock;

  ModelClient(
      GuardedConnections connections,
      ByteBudget memory,
      AnswerReader reader,
      ModelEndpoints endpoints,
      ModelConfig config,
      Json json,
      Clock clock) {
    this.connections = connections;
    this.memory = memory;
    this.reader = reader;
    this.endpoints = endpoints;
    this.config = config;
    this.json = json;
    this.clock = clock;
  }

  /**
   * Sends a request, and waits at most for the rest of the run's time and the configured timeout.
   *
   * @param listener says whether the claim still holds, receives the text of a streamed answer, and
   *     takes over the memory reservation of a turn
   */
  public ModelAnswer ask(ModelCall call, AnswerParser parser, RunListener listener)
      throws InterruptedException {
    Bounds bounds = call.question().bounds();
    Duration left = Duration.between(ElapsedClock.now(), bounds.deadline());
    boolean runEndsFirst = left.compareTo(config.timeout()) < 0;
    Duration patience = runEndsFirst ? left : config.timeout();
    String host = call.host();
    long most = config.maxAnswer().asLongValue();
    long start = System.nanoTime();
    boolean isSent = false;
    boolean hasBegun = false;
    try (AnswerBudget budget = new AnswerBudget(memory, host, most, start + patience.toNanos());
        GuardedExchange exchange = connections.connect(requestOf(call, patience))) {
      if (!listener.isHeld()) {
        throw new InterruptedException("The run is no longer held here.");
      }
      isSent = true;
      GuardedExchange.Head head = exchange.send();
      hasBegun = true;
      ModelAnswer answer = read(exchange, head, call, parser, budget, listener, start);
      if (answer instanceof Turn) {
        listener.holds(budget.handOn());
      }
      return answer;
    } catch (SocketTimeoutException e) {
      return runEndsFirst
          ? new ModelAnswer.Refusal(RunError.TIMEOUT, bounds.timeUp(), isSent)
          : unavailable(
              host + " did not answer within " + Durations.words(config.timeout()) + ".",
              isSent,
              start);
    } catch (EgressRefusedException e) {
      return new ModelAnswer.Refusal(RunError.MODEL_UNAVAILABLE, refusal(call.endpoint(), e));
    } catch (ModelAnswerTooLargeException e) {
      return new ModelAnswer.Refusal(
          RunError.MODEL_ANSWER_INVALID,
          e.getMessage() + ": ask for less, or set " + call.settings().answerLengthField() + ".",
          true);
    } catch (BudgetExhaustedException e) {
      String sentence = "The answer of " + host + " was not read. " + e.getMessage() + ".";
      return e.isPassing()
          ? unavailable(sentence, isSent, start)
          : new ModelAnswer.Refusal(RunError.MODEL_ANSWER_INVALID, sentence, isSent);
    } catch (UntrustedCertificateException e) {
      return unavailable(untrusted(e, call.settings().field("base_url")), false, start);
    } catch (IOException e) {
      return unavailable(
          hasBegun
              ? "The answer of %s broke off in the middle: the connection ended before it did."
                  .formatted(host)
              : unreachable(host, call.settings()),
          isSent,
          start);
    }
  }

  /** What to do about a server whose certificate isn't trusted. */
  static String untrusted(UntrustedCertificateException e, String field) {
    return e.getMessage() + " Correct " + field + ", or have the service trust its authority.";
  }

  static String unreachable(String host, ModelSettings settings) {
    return "%s could not be reached, or the connection was cut: is %s right?"
        .formatted(host, settings.field("base_url"));
  }

  private ModelAnswer read(
      GuardedExchange exchange,
      GuardedExchange.Head head,
      ModelCall call,
      AnswerParser parser,
      AnswerBudget budget,
      RunListener listener,
      long start)
      throws IOException, InterruptedException {
    Pace.RateLimits limits =
        RateHeaders.in(
            head.headers(),
            parser.ofRequests(),
            parser.ofTokens(),
            head.status() == TOO_MANY,
            clock.instant());
    if (limits != null) {
      listener.pace().told(limits, head.status() == TOO_MANY);
    }
    if (head.status() != 200) {
      ServerError error = parser.error(head.status(), reader.whole(exchange, budget));
      RetryHints hints = RetryHints.in(head.headers(), clock.instant());
      return error.of(call, hints, millisSince(start));
    }
    if (!isStream(head)) {
      return parser.read(call, reader.whole(exchange, budget), millisSince(start));
    }
    AnswerReader.Streamed streamed =
        reader.stream(exchange, call.host(), budget, parser.stream(), listener::delta);
    ModelAnswer answer = parser.read(call, streamed.answer(), millisSince(start));
    return answer instanceof Turn turn
        ? turn.streamed(Duration.ofNanos(streamed.first() - start))
        : answer;
  }

  private GuardedConnections.Request requestOf(ModelCall call, Duration patience) {
    Map<String, String> headers = new HashMap<>(call.headers());
    headers.put("content-type", "application/json");
    headers.put("accept", "application/json, text/event-stream");
    return new GuardedConnections.Request(
        "POST",
        call.url(),
        headers,
        // getBytes replaces a lone surrogate, which UTF-8 can't encode, by a question mark.
        json.write(call.body().get()).getBytes(StandardCharsets.UTF_8),
        patience,
        config.connectTimeout(),
        endpoints.isTrusted(call.endpoint()));
  }

  private static String refusal(URI endpoint, EgressRefusedException why) {
    return "The model was not asked"
        + (why.reason() == EgressRefusedException.Reason.REQUEST ? ". " : ": ")
        + why.sentence(endpoint.getRawAuthority());
  }

  private static ModelAnswer unavailable(String sentence, boolean mayCost, long start) {
    return new ModelAnswer.TemporaryFailure(
        RunError.MODEL_UNAVAILABLE,
        sentence,
        null,
        Usage.Step.waiting(millisSince(start)),
        false,
        mayCost);
  }

  // A server without streaming ignores the request for it and answers in one piece.
  private static boolean isStream(GuardedExchange.Head head) {
    String type = head.headers().get("content-type");
    return type != null && type.toLowerCase(Locale.ROOT).startsWith("text/event-stream");
  }

  private static long millisSince(long start) {
    return (System.nanoTime() - start) / 1_000_000;
  }
}
