package dev.errand.tools.servlet.module;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What it would take to compile the functions of a module. The JVM wants a stack map frame for each
 * place that a branch can lead to, and each frame has every local variable and every operand in it:
 * a few kilobytes of code can ask for gigabytes of frames, and a table of more than 16 MB of them
 * ends the JVM itself.
 *
 * <p>The bounds are above what was found in modules of real compilers that this host takes.
 */
public final class CompileCost {
  /** Values in the frames of one function, each of which takes up to 16 bytes. */
  private static final long MOST_VALUES = 4_000_000;

  /** Values in the frames of all functions. */
  private static final long MOST_VALUES_TOGETHER = 16_000_000;

  /** The compiler counts operands, of which some take two places, in 16 bits with a sign. */
  private static final int MOST_OPERANDS = 10_000;

  /** What a method of the JVM can hold. */
  private static final int MOST_CODE = 65_535;

  private static final long TOO_LARGE = Long.MAX_VALUE;

  private final List<Long> functions = new ArrayList<>();
  private int locals;
  private int moved;
  private long labels;
  private long operands;
  private int highest;
  private long code;

  /** Begins a function of so many parameters and local variables. */
  void enter(int locals) {
    this.locals = locals;
    this.moved = 0;
    this.labels = 0;
    this.operands = 0;
    this.highest = 0;
    this.code = 0;
  }

  /** Counts a place that branches lead to, or that follows one, with so many operands. */
  void label(int height) {
    height(height);
    labels++;
    operands += height;
  }

  /** Notes how many operands there are. */
  void height(int height) {
    highest = Math.max(highest, height);
  }

  /** Counts bytes of JVM code, of which there will be at least so many more. */
  void code(long bytes) {
    code += bytes;
  }

  /** Notes that so many values are moved at once, through further local variables. */
  void moves(int values) {
    moved = Math.max(moved, values);
  }

  /** Ends the function. */
  void leave() {
    functions.add(
        code > MOST_CODE || highest > MOST_OPERANDS
            ? TOO_LARGE
            : labels * (locals + moved) + operands);
  }

  /**
   * The functions that are not to be compiled, by their place in the code: those that are too large
   * themselves, and the largest of the others until the rest is not too much together.
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
