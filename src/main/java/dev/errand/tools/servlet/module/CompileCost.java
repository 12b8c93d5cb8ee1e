package dev.errand.tools.servlet.module;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * An estimate of the cost to compile the functions of a module. The JVM needs a stack map frame for
 * each branch target, and each frame contains every local variable and operand: a few kilobytes of
 * code can require gigabytes of frames, and a table of more than 16 MB of them crashes the JVM.
 *
 * <p>The bounds are above the values found in modules of real compilers that this host accepts.
 */
public final class CompileCost {
  /** Values in the frames of one function, each of which takes up to 16 bytes. */
  private static final long MOST_VALUES = 4_000_000;

  /** Values in the frames of all functions. */
  private static final long MOST_VALUES_TOGETHER = 16_000_000;

  /** The compiler counts operands, of which some take two places, in 16 bits with a sign. */
  private static final int MOST_OPERANDS = 10_000;

  /** The most bytes of code in a JVM method. */
  private static final int MOST_CODE = 65_535;

  private static final long TOO_LARGE = Long.MAX_VALUE;

  private final List<Long> functions = new ArrayList<>();
  private int locals;
  private int moved;
  private long labels;
  private long operands;
  private int highest;
  private long code;

  /** Begins a function with this number of parameters and local variables. */
  void enter(int locals) {
    this.locals = locals;
    this.moved = 0;
    this.labels = 0;
    this.operands = 0;
    this.highest = 0;
    this.code = 0;
  }

  /** Counts a branch target, or the place after a branch, with this number of operands. */
  void label(int height) {
    height(height);
    labels++;
    operands += height;
  }

  void height(int height) {
    highest = Math.max(highest, height);
  }

  /** Counts bytes of JVM code, a lower bound. */
  void code(long bytes) {
    code += bytes;
  }

  /** Records that this number of values is moved at once, through further local variables. */
  void moves(int values) {
    moved = Math.max(moved, values);
  }

  void leave() {
    functions.add(
        code > MOST_CODE || highest > MOST_OPERANDS
            ? TOO_LARGE
            : labels * (locals + moved) + operands);
  }

  /**
   * The functions that must not be compiled, by their place in the code: those that are too large
   * themselves, and the largest of the others until the rest is within the limits.
   */
  public Set<Integer> tooLarge() {
    var large = new HashSet<Integer>();
    var together = 0L;
    var fromTheSmallest =
        IntStream.range(0, functions.size())
            .boxed()
            .sorted(Comparator.comparing(functions::get))
            .toList();
    for (var function : fromTheSmallest) {
      var values = functions.get(function);
      if (values > MOST_VALUES || together + values > MOST_VALUES_TOGETHER) {
        large.add(function);
      } else {
        together += values;
      }
    }
    return large;
  }
}
