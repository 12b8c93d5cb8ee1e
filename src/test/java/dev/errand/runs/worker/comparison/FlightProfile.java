package dev.errand.runs.worker.comparison;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/** What this process used its CPU time for and what it allocated, by recordings of the JVM's. */
final class FlightProfile {
  private static final String CPU = "jdk.CPUTimeSample";
  private static final String ALLOCATION = "jdk.ObjectAllocationSample";
  private static final String OURS = "dev.errand.";
  private static final int LINES = 15;
  // What calls for others: it says less than its caller.
  private static final Pattern HELPERS =
      Pattern.compile("_Subclass|_ClientProxy|\\.base\\.(database|json)\\.");
  // In this order: the first one that fits a frame counts.
  private static final Map<String, Pattern> AREAS = new LinkedHashMap<>();

  static {
    AREAS.put("the benchmark", Pattern.compile("\\.comparison\\.(?!ComparisonBenchmark)"));
    AREAS.put(
        "SQL: statements, driver, pool, transactions",
        Pattern.compile(
            "^(org\\.postgresql|io\\.agroal|com\\.arjuna|org\\.hibernate)|base\\.database"));
    AREAS.put("JSON", Pattern.compile("^com\\.fasterxml|base\\.json"));
    AREAS.put(
        "HTTP to the model",
        Pattern.compile("^io\\.vertx\\.core\\.http.*Client|base\\.egress|models\\.wire"));
    AREAS.put(
        "HTTP of the API",
        Pattern.compile("^io\\.vertx\\.core\\.http.*Server|resteasy|base\\.http|identity\\.auth"));
    AREAS.put("tools and servlets", Pattern.compile("dev\\.errand\\.tools|chicory"));
    AREAS.put("secrets", Pattern.compile("base\\.secret"));
    AREAS.put("metrics and traces", Pattern.compile("micrometer|opentelemetry|app\\.telemetry"));
    AREAS.put("other code of ours", Pattern.compile("^dev\\.errand"));
    AREAS.put("Netty and Vert.x, neither of these", Pattern.compile("^io\\.(netty|vertx)"));
  }

  /** Weights by what they belong to. */
  private static final class Shares {
    private final Map<String, Double> weights = new HashMap<>();
    private double sum;

    void add(String what, double weight) {
      weights.merge(what, weight, Double::sum);
      sum += weight;
    }

    void print(String title, String unit, double all) {
      System.out.printf("%s:%n", title);
      weights.entrySet().stream()
          .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
          .limit(LINES)
          .forEach(
              of ->
                  System.out.printf(
                      Locale.ROOT,
                      "  %7.3f %s %5.1f %%  %s%n",
                      of.getValue() / sum * all,
                      unit,
                      of.getValue() / sum * 100,
                      of.getKey()));
    }
  }

  private final Shares areas = new Shares();
  private final Shares parts = new Shares();
  private final Shares callers = new Shares();
  private final Shares methods = new Shares();
  private final Shares threads = new Shares();
  private final Shares allocating = new Shares();
  private final Shares allocated = new Shares();
  private double sampledNanos;
  private double allocatedBytes;
  private final Set<Long> allocators = new HashSet<>();

  private FlightProfile() {}

  /**
   * Records while something is done.
   *
   * @param recordings gets the file
   */
  static <T> T record(List<Path> recordings, Path file, Callable<T> done) throws Exception {
    try (Recording recording = new Recording()) {
      recording.enable(CPU).with("throttle", "5ms").withStackTrace();
      recording.enable(ALLOCATION).with("throttle", "1000/s").withStackTrace();
      recording.setMaxSize(0);
      recording.start();
      T result = done.call();
      recording.stop();
      recording.dump(file);
      recordings.add(file);
      return result;
    }
  }

  /** Reads recordings. */
  static FlightProfile of(List<Path> recordings) throws IOException {
    FlightProfile profile = new FlightProfile();
    for (Path file : recordings) {
      profile.allocators.clear();
      try (RecordingFile recording = new RecordingFile(file)) {
        while (recording.hasMoreEvents()) {
          profile.add(recording.readEvent());
        }
      }
    }
    return profile;
  }

  /**
   * Prints the largest shares.
   *
   * @param runs how many were recorded
   * @param milliseconds the CPU time that the process used for them, by the system's own count
   */
  void print(String title, int runs, double milliseconds) {
    double ms = sampledNanos / 1e6 / runs;
    System.out.printf(
        Locale.ROOT,
        "%n%s: %.2f ms of CPU time for a run, of which the samples have %.2f ms%n",
        title,
        milliseconds / runs,
        ms);
    areas.print("By what it is for", "ms", ms);
    parts.print("By the library nearest to the top of the stack", "ms", ms);
    callers.print("By the method of ours nearest to the top, but for helpers", "ms", ms);
    methods.print("By the method on top of the stack", "ms", ms);
    threads.print("By thread", "ms", ms);
    double kb = allocatedBytes / runs / 1024;
    allocating.print("Allocation, by the method of ours nearest to the top", "KB", kb);
    allocated.print("Allocation, by class", "KB", kb);
  }

  private void add(RecordedEvent event) {
    RecordedStackTrace stack = event.getStackTrace();
    switch (event.getEventType().getName()) {
      case CPU -> {
        double weight = event.getDuration("samplingPeriod").toNanos();
        sampledNanos += weight;
        threads.add(thread(event), weight);
        areas.add(area(stack), weight);
        parts.add(part(stack), weight);
        callers.add(ours(stack), weight);
        methods.add(stack == null ? "unknown" : method(stack.getFrames().getFirst()), weight);
      }
      case ALLOCATION -> {
        // The first one of a thread stands for all that it allocated before the recording, too.
        RecordedThread thread = event.getThread("eventThread");
        if (!thread.isVirtual() && allocators.add(thread.getId())) {
          return;
        }
        double weight = event.getLong("weight");
        allocatedBytes += weight;
        allocating.add(ours(stack), weight);
        allocated.add(event.getClass("objectClass").getName(), weight);
      }
      default -> {}
    }
  }

  private static String thread(RecordedEvent event) {
    RecordedThread thread = event.getThread("eventThread");
    String name = thread == null ? null : thread.getJavaName();
    if (name == null || name.isEmpty()) {
      return thread != null && thread.isVirtual() ? "virtual" : "of the JVM";
    }
    return name.replaceAll("\\d+", "N");
  }

  /** The first area, from the top of the stack, that a frame belongs to. */
  private static String area(@Nullable RecordedStackTrace stack) {
    for (RecordedFrame frame : frames(stack)) {
      String type = frame.getMethod().getType().getName();
      for (Map.Entry<String, Pattern> area : AREAS.entrySet()) {
        if (area.getValue().matcher(type).find()) {
          return area.getKey();
        }
      }
    }
    return "other";
  }

  /** The method of ours that is nearest to the top, but for helpers, and the line. */
  private static String ours(@Nullable RecordedStackTrace stack) {
    for (RecordedFrame frame : frames(stack)) {
      String type = frame.getMethod().getType().getName();
      if (type.startsWith(OURS) && !HELPERS.matcher(type).find()) {
        return method(frame) + ":" + frame.getLineNumber();
      }
    }
    return "none of ours";
  }

  /** The first packages of the topmost class that is not the JDK's. */
  private static String part(@Nullable RecordedStackTrace stack) {
    for (RecordedFrame frame : frames(stack)) {
      String type = frame.getMethod().getType().getName();
      if (!type.matches("(java|javax|jdk|sun|com\\.sun)\\..*")) {
        String[] names = type.split("\\.");
        int depth = type.startsWith(OURS) ? 4 : 3;
        return String.join(".", List.of(names).subList(0, Math.min(depth, names.length - 1)));
      }
    }
    return "the JDK alone";
  }

  private static List<RecordedFrame> frames(@Nullable RecordedStackTrace stack) {
    return stack == null ? List.of() : stack.getFrames();
  }

  private static String method(RecordedFrame frame) {
    String type = frame.getMethod().getType().getName();
    return type + "." + frame.getMethod().getName();
  }
}
