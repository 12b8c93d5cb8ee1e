package dev.errand.runs.worker.comparison;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/** What this process used its CPU time for and what it allocated, by recordings of the JVM's. */
final class FlightProfile {
  private static final String CPU = "jdk.CPUTimeSample";
  private static final String ALLOCATION = "jdk.ObjectAllocationSample";
  private static final String OURS = "dev.errand.";
  private static final int LINES = 15;

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

  private final Shares parts = new Shares();
  private final Shares callers = new Shares();
  private final Shares methods = new Shares();
  private final Shares threads = new Shares();
  private final Shares allocating = new Shares();
  private final Shares allocated = new Shares();
  private double allocatedBytes;

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
    double ms = milliseconds / runs;
    System.out.printf("%n%s: where the CPU time of a run goes%n", title);
    parts.print("By the library nearest to the top of the stack", "ms", ms);
    callers.print("By the method of ours nearest to the top of the stack", "ms", ms);
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
        threads.add(thread(event), weight);
        parts.add(part(stack), weight);
        callers.add(ours(stack), weight);
        methods.add(stack == null ? "unknown" : method(stack.getFrames().getFirst()), weight);
      }
      case ALLOCATION -> {
        double weight = event.getLong("weight");
        allocatedBytes += weight;
        allocating.add(ours(stack), weight);
        allocated.add(event.getClass("objectClass").getName(), weight);
      }
      default -> {}
    }
  }

  private static String thread(RecordedEvent event) {
    var thread = event.getThread("eventThread");
    String name = thread == null ? null : thread.getJavaName();
    if (name == null || name.isEmpty()) {
      return thread != null && thread.isVirtual() ? "virtual" : "of the JVM";
    }
    return name.replaceAll("\\d+", "N");
  }

  /** The method of ours that is nearest to the top, and the line. */
  private static String ours(@Nullable RecordedStackTrace stack) {
    for (RecordedFrame frame : frames(stack)) {
      String type = frame.getMethod().getType().getName();
      if (type.startsWith(OURS) && !type.contains("_Subclass") && !type.contains("_ClientProxy")) {
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
