package dev.errand.tools.servlet.abi;

import dev.errand.base.egress.address.EgressRefusedException;
import dev.errand.base.egress.client.GuardedHttp;
import dev.errand.base.json.WellFormed;
import dev.errand.tools.servlet.limit.CallEnded;
import dev.errand.tools.servlet.limit.CallMemory;
import dev.errand.tools.servlet.limit.ComputePermit;
import dev.errand.tools.servlet.limit.ComputeThread;
import dev.errand.tools.servlet.limit.Grant;
import dev.errand.tools.servlet.limit.Limits;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The state of one servlet call: its limits, grant, arena, variables and output. Only the servlet's
 * thread uses it, except for the messages, by which that thread asks the calling thread to log or
 * to send HTTP requests.
 */
public final class ServletCall {
  /** The most bytes of one printed line; a longer line is cut. */
  private static final int MOST_LINE = 8192;

  /** The end of a log that a failure quotes: the trace of a panic in Go has about 15 lines. */
  private static final int MOST_QUOTED_LINES = 20;

  private static final int LONGEST_QUOTED_LINE = 300;
  private static final int MOST_QUOTED = 2000;

  /** Shorter settings, such as a number, are found in ordinary words. */
  private static final int SHORTEST_MASKED = 8;

  public final Limits limits;
  public final Grant grant;
  public final Arena arena;
  public final CallMemory memory;
  public final ComputePermit core;
  final java.util.random.RandomGenerator random;
  final boolean network;
  public final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();

  long inputOffset;
  long inputLength;
  public long outputOffset;
  public long outputLength;
  public long errorOffset;
  private boolean begun;
  private long idle;
  int httpStatus;
  @Nullable String httpHeaders;

  private final Map<String, byte[]> vars = new HashMap<>();
  private long varBytes;
  private int httpRequests;
  private final ByteArrayOutputStream printedToOutput = new ByteArrayOutputStream();
  private final ByteArrayOutputStream printedToError = new ByteArrayOutputStream();
  private int logLines;
  private long logBytes;
  private final Deque<String> lastLines = new ArrayDeque<>();

  /** A message to the calling thread, mostly from the servlet's thread. */
  public sealed interface Message {}

  /** A line to log. */
  public record LogLine(int level, String text) implements Message {}

  /** An HTTP request to send, and the future of its answer. */
  public record Http(
      String method,
      String url,
      Map<String, String> headers,
      byte[] body,
      CompletableFuture<GuardedHttp.Answer> answer)
      implements Message {}

  /** The end of the call, the last message. */
  public record Ended(Ending ending) implements Message {}

  /** The call's time is over. */
  public record Overdue() implements Message {}

  /**
   * Creates the state of a call that is about to start.
   *
   * @param network whether it may send HTTP requests
   */
  public ServletCall(
      Limits limits,
      Grant grant,
      ComputePermit core,
      CallMemory memory,
      java.util.random.RandomGenerator random,
      boolean network,
      byte[] input) {
    this.limits = limits;
    this.grant = grant;
    this.core = core;
    this.random = random;
    this.network = network;
    this.memory = memory;
    this.arena = new Arena(limits.arena(), memory);
    setInput(input);
  }

  private void setInput(byte[] input) {
    inputOffset = arena.put(input);
    inputLength = input.length;
  }

  /**
   * Begins the call.
   *
   * @param idle how many nanoseconds its instance has waited for it since it was started
   */
  void begin(long idle) {
    this.idle = idle;
    begun = true;
  }

  /**
   * The time of day in nanoseconds since 1970.
   *
   * @throws CallEnded.Early before the call: it would be old when the call reads it
   */
  long timeOfDay() {
    if (!begun) {
      throw new CallEnded.Early();
    }
    var now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  /** The time of the instance's own clock in nanoseconds, which stands still while it waits. */
  long elapsed() {
    return System.nanoTime() - idle;
  }

  /** Clears the arena, with input, output and error. */
  void reset() {
    arena.reset();
    inputOffset = inputLength = outputOffset = outputLength = errorOffset = 0;
  }

  String text(long offset) {
    return new String(arena.read(offset, arena.length(offset)), StandardCharsets.UTF_8);
  }

  /** Allocates a block with a text; 0 for null. */
  long put(@Nullable String text) {
    return text == null ? 0 : arena.put(WellFormed.bytes(text));
  }

  /** The value of a setting; null where it has none. */
  @Nullable String setting(String key) {
    var value = grant.config().get(key);
    if (value == null) {
      grant.remedy().unset(key);
    }
    return value;
  }

  byte @Nullable [] variable(String key) {
    return vars.get(key);
  }

  /** Stores a variable until the call ends; null removes it. */
  void keep(String key, byte @Nullable [] value) {
    var old = vars.remove(key);
    var keyBytes = key.length() * 2L + 64;
    if (old != null) {
      varBytes -= keyBytes + old.length;
    }
    if (value == null) {
      return;
    }
    varBytes += keyBytes + value.length;
    if (varBytes > limits.vars()) {
      throw new CallEnded.Failed(
          "The tool stored more than its limit of %s of variables."
              .formatted(Limits.size(limits.vars())));
    }
    vars.put(key, value);
  }

  /** Logs a line, unless the call has exceeded its limit of log lines. */
  void log(int level, String text) {
    lastLines.addLast(WellFormed.cut(text, MOST_LINE));
    if (lastLines.size() > MOST_QUOTED_LINES) {
      lastLines.removeFirst();
    }
    if (logLines > limits.logLines() || logBytes > limits.log()) {
      return;
    }
    logLines++;
    logBytes += text.length();
    if (logLines > limits.logLines() || logBytes > limits.log()) {
      messages.add(new LogLine(40, "The tool logged too much; the rest is dropped."));
      return;
    }
    messages.add(new LogLine(level, WellFormed.text(text)));
  }

  /** Adds printed bytes, and logs each complete line. */
  void print(boolean toError, byte[] bytes) {
    var printed = toError ? printedToError : printedToOutput;
    for (var next : bytes) {
      if (next == '\n') {
        flush(printed);
      } else if (printed.size() < MOST_LINE) {
        printed.write(next);
      }
    }
  }

  /** Logs printed text that has no end of line. */
  public void flush() {
    flush(printedToOutput);
    flush(printedToError);
  }

  /**
   * The last lines that were logged, for the sentence on a failure whose reason a plug-in only
   * prints, as the panics of most languages are. Models read it, so it is without settings.
   *
   * @return a sentence with a space before it; empty where nothing was logged
   */
  public String endOfLog() {
    flush();
    var quoted = new ArrayDeque<String>();
    var left = MOST_QUOTED;
    for (var line : lastLines.reversed()) {
      var shown = WellFormed.cut(withoutSettings(line), LONGEST_QUOTED_LINE);
      left -= shown.length();
      if (left < 0) {
        break;
      }
      quoted.addFirst(shown);
    }
    return quoted.isEmpty() ? "" : " Its log ends with:\n" + String.join("\n", quoted);
  }

  private String withoutSettings(String line) {
    // One may contain another, and those with several lines are logged line by line.
    return grant.config().values().stream()
        .flatMap(String::lines)
        .map(String::strip)
        .filter(value -> value.length() >= SHORTEST_MASKED)
        .sorted(Comparator.comparingInt(String::length).reversed())
        .reduce(line, (masked, value) -> masked.replace(value, "***"));
  }

  private void flush(ByteArrayOutputStream printed) {
    var line = printed.toString(StandardCharsets.UTF_8);
    printed.reset();
    if (!line.isBlank()) {
      log(30, line.stripTrailing());
    }
  }

  /** Has the calling thread send a request, and waits for the answer without holding a core. */
  GuardedHttp.Answer http(String method, String url, Map<String, String> headers, byte[] body) {
    if (!network) {
      throw new CallEnded.Failed("A servlet can't use the network while it describes its tools.");
    }
    if (++httpRequests > limits.httpRequests()) {
      throw new CallEnded.Failed(
          "The tool exceeded the limit of %d HTTP requests for one call."
              .formatted(limits.httpRequests()));
    }
    if (!grant.requests().spend()) {
      throw new CallEnded.Failed(
          "The tools of this run have used up their shared limit of %d HTTP requests; no tool can"
                  .formatted(grant.requests().most())
              + " make another one.");
    }
    var answer = new CompletableFuture<GuardedHttp.Answer>();
    messages.add(new Http(method, url, headers, body, answer));
    try {
      return core.without(answer::get);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CallEnded.Interrupted();
    } catch (ExecutionException e) {
      var cause = e.getCause();
      var remedy =
          cause instanceof EgressRefusedException refused
              ? refused.hostToGrant().map(grant.remedy()::ofHost).map(" "::concat).orElse("")
              : "";
      throw new CallEnded.Failed(
          "The tool's HTTP request failed: "
              + (cause == null ? "" : cause.getMessage())
              + remedy.stripTrailing());
    }
  }

  /** Throws if the thread was interrupted, so that a loop of host calls ends, too. */
  void stopIfInterrupted() {
    if (ComputeThread.isStopped()) {
      throw new CallEnded.Interrupted();
    }
  }
}
