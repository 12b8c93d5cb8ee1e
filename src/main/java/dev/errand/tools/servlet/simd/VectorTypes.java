package dev.errand.tools.servlet.simd;

import dev.errand.tools.servlet.module.DeclarationScan;
import dev.errand.tools.servlet.module.ModuleBytes;
import dev.errand.tools.servlet.module.ModuleWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The types and functions of a module, as far as vectors are concerned, and those added to it. */
final class VectorTypes {
  /** The type of a block that leaves a vector. */
  static final Signature VECTOR_BLOCK = new Signature(List.of(), List.of(true));

  private static final int VECTOR = 0x7B;
  private static final int FUNCTION = 0x60;

  private final DeclarationScan declarations;
  private final List<Signature> types = new ArrayList<>();
  private final ModuleWriter declared = new ModuleWriter();
  private final ModuleWriter addedTypes = new ModuleWriter();
  private final Map<String, Integer> addedByType = new HashMap<>();
  private final Map<String, Integer> lanes = new HashMap<>();
  private final ModuleWriter laneTypes = new ModuleWriter();
  private final ModuleWriter laneBodies = new ModuleWriter();
  private int added;
  private boolean withVectors;

  VectorTypes(DeclarationScan declarations) {
    this.declarations = declarations;
  }

  /** Whether each parameter and result is a vector. */
  record Signature(List<Boolean> params, List<Boolean> results) {}

  Signature type(long index) {
    return types.get((int) Math.min(index, Integer.MAX_VALUE));
  }

  Signature function(long index) {
    return type(declarations.typeOf(index));
  }

  /** Whether a type has vectors. */
  boolean withVectors() {
    return withVectors;
  }

  /** Reads the types, and writes them with two integers for each vector. */
  void read(ModuleBytes section) {
    for (var left = section.count(); left > 0; left--) {
      if (section.next() != FUNCTION) {
        throw new IllegalArgumentException("not a type of functions");
      }
      declared.write(FUNCTION);
      types.add(new Signature(values(section), values(section)));
    }
  }

  private List<Boolean> values(ModuleBytes section) {
    var values = new ArrayList<Boolean>();
    var written = new ModuleWriter();
    for (var left = section.count(); left > 0; left--) {
      var begin = section.position();
      var vector = section.peek() == VECTOR;
      section.type();
      values.add(vector);
      withVectors |= vector;
      if (vector) {
        written.write(0x7E, 0x7E);
      } else {
        section.copy(begin, written);
      }
    }
    declared.unsigned(values.size() + values.stream().filter(vector -> vector).count());
    declared.write(written.toBytes());
    return values;
  }

  /** The index of the type of a block that leaves a vector. */
  int vectorBlock() {
    var type = new byte[] {FUNCTION, 0, 2, 0x7E, 0x7E};
    // The parser takes some of these indices for types of values when a block has them.
    while (!addedByType.containsKey(Arrays.toString(type))
        && types.size() + added >= 0x40
        && types.size() + added < 0x80) {
      addedTypes.write(FUNCTION, 0, 0);
      added++;
    }
    return added(type);
  }

  private int added(byte[] type) {
    return addedByType.computeIfAbsent(
        Arrays.toString(type),
        absent -> {
          addedTypes.write(type);
          return types.size() + added++;
        });
  }

  /** The index of the function with that name in {@link LaneFunctions}, which is added. */
  int lane(String name) {
    var known = lanes.get(name);
    if (known != null) {
      return known;
    }
    var function = LaneFunctions.of(name);
    laneTypes.unsigned(added(function.shape().type()));
    laneBodies.unsigned(function.body().length).write(function.body());
    var index = declarations.declaredFunctions() + lanes.size();
    lanes.put(name, index);
    return index;
  }

  /** The types, added ones last. */
  ModuleWriter typeSection() {
    return new ModuleWriter()
        .unsigned(types.size() + added)
        .write(declared.toBytes())
        .write(addedTypes.toBytes());
  }

  /** How many functions were added. */
  int addedFunctions() {
    return lanes.size();
  }

  /** The types of the functions that were added. */
  byte[] addedFunctionTypes() {
    return laneTypes.toBytes();
  }

  /** The code of the functions that were added. */
  byte[] addedCode() {
    return laneBodies.toBytes();
  }
}
