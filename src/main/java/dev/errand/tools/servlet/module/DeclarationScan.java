package dev.errand.tools.servlet.module;

import dev.errand.tools.servlet.abi.InvalidServletException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Checks the declarations of a module before the parser runs, which allocates memory for as many
 * items as a section announces: a few bytes can announce billions.
 */
public final class DeclarationScan {
  // The compiler generates code for every type, even unused ones; modules usually have some tens.
  private static final int MOST_TYPES = 10_000;
  private static final int MOST_PARAMETERS = 1000;
  private static final int MOST_PARAMETERS_TOGETHER = 100_000;

  private final List<Signature> types = new ArrayList<>();
  private final List<Integer> functions = new ArrayList<>();
  private int imported;
  private int importedGlobals;
  private int parameters;

  /** The number of parameters and results of a function. */
  record Signature(int params, int results) {}

  Signature type(long index) {
    return types.get((int) Math.min(index, Integer.MAX_VALUE));
  }

  /** The type of the function with that index, imported ones first. */
  Signature function(long index) {
    return type(typeOf(index));
  }

  /** The type of one of the functions that have code. */
  Signature ownFunction(int index) {
    return function((long) imported + index);
  }

  public int typeOf(long function) {
    return functions.get((int) Math.min(function, Integer.MAX_VALUE));
  }

  /** How many functions are declared, imported ones included. */
  public int declaredFunctions() {
    return functions.size();
  }

  public int importedFunctions() {
    return imported;
  }

  public int importedGlobals() {
    return importedGlobals;
  }

  void types(ModuleBytes section) throws InvalidServletException {
    var count = section.count();
    if (types.size() + count > MOST_TYPES) {
      throw new InvalidServletException(
          "The module has %d function types; at most %d are allowed, since each takes time to"
                  .formatted(types.size() + count, MOST_TYPES)
              + " compile.");
    }
    for (var left = count; left > 0; left--) {
      if (section.next() != 0x60) {
        throw new InvalidServletException(
            "The module uses garbage-collected types, which servlets can't use here.");
      }
      types.add(new Signature(values(section), values(section)));
    }
  }

  private int values(ModuleBytes section) throws InvalidServletException {
    var count = section.count();
    if (count > MOST_PARAMETERS) {
      throw new InvalidServletException(
          "The module has a function type of %d parameters or results; at most %d are allowed."
              .formatted(count, MOST_PARAMETERS));
    }
    parameters += count;
    if (parameters > MOST_PARAMETERS_TOGETHER) {
      throw new InvalidServletException(
          "The function types of the module have more than %d parameters and results together."
              .formatted(MOST_PARAMETERS_TOGETHER));
    }
    for (var i = 0; i < count; i++) {
      section.type();
    }
    return count;
  }

  public void imports(ModuleBytes section) throws InvalidServletException {
    imports(section, (module, name) -> {});
  }

  /**
   * Reads the imports.
   *
   * @param each receives the name of the module and of the import
   */
  void imports(ModuleBytes section, BiConsumer<ModuleBytes, ModuleBytes> each)
      throws InvalidServletException {
    for (var left = section.count(); left > 0; left--) {
      each.accept(section.part(section.unsigned()), section.part(section.unsigned()));
      switch ((int) section.unsigned()) {
        case 0 -> {
          functions.add((int) section.unsigned());
          imported++;
        }
        case 1 -> {
          section.type();
          limits(section);
        }
        case 2 -> limits(section);
        case 3 -> {
          section.type();
          section.next();
          importedGlobals++;
        }
        case 4 -> {
          section.next();
          section.unsigned();
        }
        default -> throw new IllegalArgumentException("an import of no kind");
      }
    }
  }

  public void functions(ModuleBytes section) {
    for (var left = section.count(); left > 0; left--) {
      functions.add((int) section.unsigned());
    }
  }

  void tables(ModuleBytes section) throws InvalidServletException {
    for (var left = section.count(); left > 0; left--) {
      var filled = section.peek() == 0x40;
      if (filled) {
        section.skip(2);
      }
      section.type();
      limits(section);
      if (filled) {
        expression(section);
      }
    }
  }

  void memories(ModuleBytes section) throws InvalidServletException {
    for (var left = section.count(); left > 0; left--) {
      limits(section);
    }
  }

  private static void limits(ModuleBytes section) throws InvalidServletException {
    var flags = section.limits();
    if ((flags & ModuleBytes.HAS_64_BITS) != 0) {
      throw new InvalidServletException(
          "The module uses memory64 (64-bit addresses), which servlets can't use here; compile it"
              + " for wasm32.");
    }
    if ((flags & ModuleBytes.HAS_PAGE_SIZE) != 0) {
      throw new InvalidServletException(
          "The module uses custom page sizes, which servlets can't use here; turn them off in the"
              + " compiler.");
    }
  }

  void exports(ModuleBytes section) {
    for (var left = section.count(); left > 0; left--) {
      name(section);
      section.unsigned();
      section.unsigned();
    }
  }

  void elements(ModuleBytes section) throws InvalidServletException {
    for (var left = section.count(); left > 0; left--) {
      var flags = (int) section.unsigned();
      var active = (flags & 1) == 0;
      if (active && (flags & 2) != 0) {
        section.unsigned();
      }
      if (active) {
        expression(section);
      }
      if ((flags & 3) != 0) {
        section.type();
      }
      for (var entries = section.count(); entries > 0; entries--) {
        if ((flags & 4) != 0) {
          expression(section);
        } else {
          section.unsigned();
        }
      }
    }
  }

  void data(ModuleBytes section) throws InvalidServletException {
    for (var left = section.count(); left > 0; left--) {
      var mode = section.unsigned();
      if (mode == 2) {
        section.unsigned();
      }
      if (mode != 1) {
        expression(section);
      }
      section.skip(section.unsigned());
    }
  }

  void custom(ModuleBytes section) {
    name(section);
  }

  private static void name(ModuleBytes section) {
    section.skip(section.unsigned());
  }

  public static void expression(ModuleBytes section) throws InvalidServletException {
    while (true) {
      var opcode = section.next();
      switch (opcode) {
        case 0x0B -> {
          return;
        }
        case 0x23, 0x41, 0x42, 0xD0, 0xD2 -> section.number();
        case 0x43 -> section.skip(4);
        case 0x44 -> section.skip(8);
        case 0x6A, 0x6B, 0x6C, 0x7C, 0x7D, 0x7E -> {}
        default ->
            throw new InvalidServletException(
                "The module places data or functions by an instruction (0x%02x) that servlets can't"
                        .formatted(opcode)
                    + " use there.");
      }
    }
  }
}
