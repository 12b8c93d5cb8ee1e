package dev.errand.tools.servlet.limit;

import io.quarkus.runtime.configuration.MemorySize;
import java.time.Duration;

/**
 * The limits of servlets, in bytes unless the type says otherwise; {@link ServletConfig} documents
 * each.
 */
public record Limits(
    Duration wallTime,
    Duration describeTime,
    int memory,
    long memoryTotal,
    int tableEntries,
    int arena,
    int vars,
    int input,
    int output,
    int logLines,
    int log,
    int response,
    int httpRequests,
    int runHttpRequests,
    int stack,
    int calls,
    int cores,
    Duration timeSlice,
    Duration queueTime,
    int module,
    int code,
    int functions,
    int tools,
    int cachedModules,
    long cachedBytes,
    int earlyFrom,
    int early,
    long earlyMemory,
    Duration earlyTime) {
  public static final int PAGE = 65_536;

  /** The most bytes of one array. */
  private static final int MOST = 1 << 30;

  public Limits {
    positive("wall-time", wallTime.toMillis());
    positive("describe-time", describeTime.toMillis());
    between("memory", memory, PAGE, MOST);
    positive("memory-total", memoryTotal);
    between("table-entries", tableEntries, 1, 10_000_000);
    between("arena", arena, PAGE, MOST);
    between("vars", vars, 0, MOST);
    between("input", input, 1, arena);
    between("output", output, 1, arena);
    between("log-lines", logLines, 0, 1_000_000);
    between("log", log, 0, MOST);
    between("response", response, 0, arena);
    between("http-requests", httpRequests, 0, Integer.MAX_VALUE);
    between("run-http-requests", runHttpRequests, 0, Integer.MAX_VALUE);
    between("stack", stack, 256 * 1024, MOST);
    positive("calls", calls);
    positive("cores", cores);
    positive("time-slice", timeSlice.toMillis());
    positive("queue-time", queueTime.toMillis());
    between("module", module, 8, MOST);
    between("code", code, 1, MOST);
    between("functions", functions, 1, 1_000_000);
    positive("tools", tools);
    positive("cached-modules", cachedModules);
    positive("cached-bytes", cachedBytes);
    between("early-from", earlyFrom, 0, Integer.MAX_VALUE);
    between("early", early, 0, 10_000);
    positive("early-memory", earlyMemory);
    positive("early-time", earlyTime.toMillis());
  }

  /**
   * The configured limits.
   *
   * @throws IllegalArgumentException naming the key whose value is out of its bounds
   */
  public static Limits of(ServletConfig config) {
    return new Limits(
        config.wallTime(),
        config.describeTime(),
        bytes(config.memory()),
        config
            .memoryTotal()
            .map(MemorySize::asLongValue)
            .orElseGet(() -> Runtime.getRuntime().maxMemory() / 2 / PAGE * PAGE),
        config.tableEntries(),
        bytes(config.arena()),
        bytes(config.vars()),
        bytes(config.input()),
        bytes(config.output()),
        config.logLines(),
        bytes(config.log()),
        bytes(config.response()),
        config.httpRequests(),
        config.runHttpRequests(),
        bytes(config.stack()),
        config.calls(),
        config.cores().orElseGet(() -> Runtime.getRuntime().availableProcessors()),
        config.timeSlice(),
        config.queueTime(),
        bytes(config.module()),
        bytes(config.code()),
        config.functions(),
        config.tools(),
        config.cachedModules(),
        config
            .cachedBytes()
            .map(MemorySize::asLongValue)
            .orElseGet(() -> Math.min(512L << 20, Runtime.getRuntime().maxMemory() / 4)),
        bytes(config.earlyFrom()),
        config.early(),
        config
            .earlyMemory()
            .map(MemorySize::asLongValue)
            .orElseGet(() -> Math.min(128L << 20, Runtime.getRuntime().maxMemory() / 8)),
        config.earlyTime());
  }

  /** Memory in whole pages. */
  public int memoryPages() {
    return memory / PAGE;
  }

  /** A size as people write it, such as {@code 64 MiB}. */
  public static String size(long bytes) {
    if (bytes >= 1 << 20 && bytes % (1 << 20) == 0) {
      return (bytes >> 20) + " MiB";
    }
    if (bytes >= 1 << 10 && bytes % (1 << 10) == 0) {
      return (bytes >> 10) + " KiB";
    }
    return bytes + " bytes";
  }

  private static int bytes(MemorySize size) {
    return (int) Math.min(size.asLongValue(), Integer.MAX_VALUE);
  }

  private static void positive(String key, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException("errand.servlet." + key + " must be more than 0");
    }
  }

  private static void between(String key, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "errand.servlet.%s is %d and must be between %d and %d"
              .formatted(key, value, least, most));
    }
  }
}
