package dev.errand.support;

import java.util.List;

/**
 * The sizes of benchmarks. The build starts each benchmark in its shortest form, by {@code
 * -Derrand.bench.short=true}, to see that it still works; such figures say nothing.
 */
public final class BenchmarkSize {
  private static final boolean SHORT = Boolean.getBoolean("errand.bench.short");

  private BenchmarkSize() {}

  /** Options of the JVMs that a benchmark starts: in the shortest form, starts are most of it. */
  public static List<String> jvmOptions() {
    return SHORT ? List.of("-XX:TieredStopAtLevel=1") : List.of();
  }

  /** Whether this is the shortest form, which needs no programs besides the JDK. */
  public static boolean isShort() {
    return SHORT;
  }

  /**
   * A size.
   *
   * @param full as it is measured
   * @param shortest the smallest with which the benchmark still does all that it does
   */
  public static int of(int full, int shortest) {
    return SHORT ? shortest : full;
  }

  /**
   * A size that a system property can set.
   *
   * @param full as it is measured unless the property says otherwise
   */
  public static int of(String property, int full, int shortest) {
    return Integer.getInteger(property, of(full, shortest));
  }
}
