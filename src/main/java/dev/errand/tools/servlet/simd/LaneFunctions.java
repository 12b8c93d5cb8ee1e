package dev.errand.tools.servlet.simd;

import dev.errand.tools.servlet.module.ModuleBytes;
import dev.errand.tools.servlet.module.ModuleWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * The functions that compute a SIMD instruction on 64 bits, half of a vector. Each stands alone, so
 * that its code can be copied into any module. Their source is {@code src/main/servlets/simd}.
 */
final class LaneFunctions {
  private static final String RESOURCE = "/servlets/simd/lanes.wasm";
  private static final int HEADER = 8;

  /** A module without SIMD needs none of them. */
  private static final class Loaded {
    static final Map<String, LaneFunction> ALL = read();
  }

  private LaneFunctions() {}

  /** What a function takes and returns. */
  enum Shape {
    /** A half, to a half. */
    UNARY("60017e017e"),
    /** Two halves, to a half. */
    BINARY("60027e7e017e"),
    /** Three halves, to a half. */
    TERNARY("60037e7e7e017e"),
    /** A half and a number of bits, to a half. */
    SHIFT("60027e7f017e"),
    /** A half, to a number. */
    TEST("60017e017f");

    private final String type;

    Shape(String type) {
      this.type = type;
    }

    /** Its type as modules declare it. */
    byte[] type() {
      return HexFormat.of().parseHex(type);
    }
  }

  /** A function. */
  record LaneFunction(Shape shape, byte[] body) {}

  /**
   * The function of an instruction.
   *
   * @throws IllegalArgumentException when there is none of that name
   */
  static LaneFunction of(String name) {
    var function = Loaded.ALL.get(name);
    if (function == null) {
      throw new IllegalArgumentException(name);
    }
    return function;
  }

  private static Map<String, LaneFunction> read() {
    var types = new ArrayList<Shape>();
    var shapes = new ArrayList<Shape>();
    var names = new HashMap<String, Integer>();
    var bodies = new ArrayList<byte[]>();
    var module = ModuleBytes.of(bytes(), HEADER);
    while (module.hasRemaining()) {
      var id = module.next();
      var section = module.part(module.unsigned());
      switch (id) {
        case 1 -> repeat(section, () -> types.add(shape(section)));
        case 3 -> repeat(section, () -> shapes.add(types.get(section.count())));
        case 7 ->
            repeat(
                section,
                () -> {
                  var name = text(section);
                  if (section.next() == 0) {
                    names.put(name, (int) section.unsigned());
                  } else {
                    section.unsigned();
                  }
                });
        case 10 -> repeat(section, () -> bodies.add(section.bytes(section.unsigned())));
        default -> {}
      }
    }
    var all = new HashMap<String, LaneFunction>();
    names.forEach(
        (name, index) -> all.put(name, new LaneFunction(shapes.get(index), bodies.get(index))));
    return Map.copyOf(all);
  }

  private static void repeat(ModuleBytes section, Runnable item) {
    for (var left = section.unsigned(); left > 0; left--) {
      item.run();
    }
  }

  private static Shape shape(ModuleBytes section) {
    var begin = section.position();
    section.skip(1);
    section.skip(section.unsigned());
    section.skip(section.unsigned());
    var type = new ModuleWriter();
    section.copy(begin, type);
    return Arrays.stream(Shape.values())
        .filter(shape -> Arrays.equals(shape.type(), type.toBytes()))
        .findAny()
        .orElseThrow();
  }

  private static String text(ModuleBytes section) {
    return new String(section.bytes(section.unsigned()), StandardCharsets.UTF_8);
  }

  private static byte[] bytes() {
    try (var in = LaneFunctions.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
