package dev.errand.tools.servlet.simd;

import dev.errand.tools.servlet.abi.InvalidServletException;
import dev.errand.tools.servlet.module.DeclarationScan;
import dev.errand.tools.servlet.module.ModuleBytes;
import dev.errand.tools.servlet.module.ModuleWriter;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The global variables of a module. One that is a vector keeps its index for the lower half; the
 * upper half comes after all others.
 */
final class VectorGlobals {
  private static final int VECTOR = 0x7B;
  private static final int PREFIX = 0xFD;
  private static final int CONST = 0x0C;
  private static final int END = 0x0B;

  private final Map<Integer, Integer> upper = new HashMap<>();
  private final ModuleWriter out = new ModuleWriter();
  private final int count;

  /** Reads the variables, of which each vector begins with a constant. */
  VectorGlobals(ModuleBytes section, int imported) throws InvalidServletException {
    count = section.count();
    var halves = new ModuleWriter();
    for (var i = 0; i < count; i++) {
      var begin = section.position();
      var isVector = section.peek() == VECTOR;
      section.type();
      var mutable = section.next();
      if (!isVector) {
        DeclarationScan.expression(section);
        section.copy(begin, out);
        continue;
      }
      if (section.next() != PREFIX || section.next() != CONST) {
        throw new InvalidServletException(
            "The module has a global variable of the type v128 that does not begin with a"
                + " constant, which servlets can't use here.");
      }
      half(out, mutable, section.fixed());
      half(halves, mutable, section.fixed());
      if (section.next() != END) {
        throw new IllegalArgumentException("no constant");
      }
      upper.put(imported + i, imported + count + upper.size());
    }
    out.write(halves.toBytes());
  }

  private static void half(ModuleWriter to, int mutable, long value) {
    to.write(0x7E, mutable, 0x42).signed(value).write(END);
  }

  boolean withVectors() {
    return !upper.isEmpty();
  }

  /** The index of the upper half of a variable; null where that is no vector. */
  @Nullable Integer upper(long index) {
    return upper.get((int) Math.min(index, Integer.MAX_VALUE));
  }

  ModuleWriter section() {
    return new ModuleWriter().unsigned(count + upper.size()).write(out.toBytes());
  }
}
