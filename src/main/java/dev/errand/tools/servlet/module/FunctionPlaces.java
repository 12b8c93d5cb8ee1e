package dev.errand.tools.servlet.module;

import dev.errand.base.json.WellFormed;
import java.nio.BufferUnderflowException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The offsets and names of a module's functions, for errors that say which of them crashed. The
 * names need not be well-formed.
 */
public final class FunctionPlaces {
  private static final int HEADER = 8;
  private static final int MOST_NAME = 200;
  private static final int MOST_BYTES_OF_NAMES = 1 << 20;
  private static final Pattern PATH = Pattern.compile("_ZN[1-9][0-9]?[^0-9].*E");
  private static final Pattern HASH = Pattern.compile("h[0-9a-f]{16}");
  private static final byte[] NO_NAMES = {};

  private int imported;
  private int[] begins = {};
  private byte[] names = NO_NAMES;

  // Unlike the names, it is well-formed: a module without that is not loaded.
  private byte[] exports = NO_NAMES;

  private FunctionPlaces() {}

  /**
   * The places of the functions in a module.
   *
   * @param wasm bytes whose sections are well-formed, apart from custom ones
   */
  public static FunctionPlaces of(byte[] wasm) {
    var places = new FunctionPlaces();
    try {
      places.read(ModuleBytes.of(wasm, HEADER), wasm.length);
    } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
      // The places read so far are still useful.
    }
    return places;
  }

  /** Bytes that this takes in memory. */
  public long weight() {
    return 4L * begins.length + names.length + exports.length;
  }

  /**
   * The name of a function in its module; without names, also the offset of its code.
   *
   * @param function its index, imported functions first
   */
  public String describe(int function) {
    var own = function - imported;
    return isNamed(function) || own < 0 || own >= begins.length
        ? label(function)
        : "%s, whose code begins at offset 0x%x".formatted(label(function), begins[own]);
  }

  /** The name of a function in its module; without names, that of its export, or its index. */
  public String label(int function) {
    return named(function).or(() -> exported(function)).orElse("function " + function);
  }

  /** Whether the module has a name for a function, other than that of its export. */
  public boolean isNamed(int function) {
    return named(function).isPresent();
  }

  private Optional<String> named(int function) {
    try {
      var section = ModuleBytes.of(names, 0);
      for (var left = section.count(); left > 0; left--) {
        var index = section.unsigned();
        var name = text(section);
        if (index == function) {
          return Optional.of(demangled(name)).filter(known -> !known.isBlank());
        }
      }
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      // Malformed names are ignored.
    }
    return Optional.empty();
  }

  private Optional<String> exported(int function) {
    var section = ModuleBytes.of(exports, 0);
    for (var left = exports.length == 0 ? 0 : section.count(); left > 0; left--) {
      var name = text(section);
      var isFunction = section.unsigned() == 0;
      if (section.unsigned() == function && isFunction && !name.isBlank()) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  /** A name of Rust or C++ in its source form, if it is a plain path. */
  private static String demangled(String name) {
    if (!PATH.matcher(name).matches()) {
      return name;
    }
    var parts = new ArrayList<String>();
    for (var at = 3; Character.isDigit(name.charAt(at)); ) {
      var digits = at;
      while (Character.isDigit(name.charAt(digits)) && digits < at + 3) {
        digits++;
      }
      var end = digits + Integer.parseInt(name.substring(at, digits));
      if (end >= name.length()) {
        return name;
      }
      parts.add(name.substring(digits, end));
      at = end;
    }
    parts.removeIf(part -> HASH.matcher(part).matches());
    return String.join("::", parts);
  }

  /** The index of the function whose code has the instruction at an offset in the module. */
  public OptionalInt at(int offset) {
    var found = Arrays.binarySearch(begins, offset);
    var own = found >= 0 ? found : -found - 2;
    return own < 0 ? OptionalInt.empty() : OptionalInt.of(own + imported);
  }

  private void read(ModuleBytes wasm, int length) {
    while (wasm.hasRemaining()) {
      var id = wasm.next();
      var section = wasm.part(wasm.unsigned());
      var end = length - wasm.remaining();
      switch (id) {
        case 0 -> custom(section);
        case 2 -> imports(section);
        case 7 -> exports = section.bytes(section.remaining());
        case 10 -> code(section, end);
        default -> {}
      }
    }
  }

  private void imports(ModuleBytes section) {
    for (var left = section.count(); left > 0; left--) {
      section.skip(section.unsigned());
      section.skip(section.unsigned());
      switch (section.next()) {
        case 0 -> {
          section.unsigned();
          imported++;
        }
        case 1 -> {
          section.type();
          var _ = section.limits();
        }
        case 2 -> {
          var _ = section.limits();
        }
        case 3 -> {
          section.type();
          section.next();
        }
        case 4 -> {
          section.next();
          section.unsigned();
        }
        default -> throw new IllegalArgumentException("an import of no kind");
      }
    }
  }

  private void code(ModuleBytes section, int end) {
    var found = new int[section.count()];
    for (var i = 0; i < found.length; i++) {
      var size = section.unsigned();
      found[i] = end - section.remaining();
      section.skip(size);
    }
    begins = found;
  }

  /** The subsection of functions' names in the section "name", which is a custom one. */
  private void custom(ModuleBytes section) {
    try {
      if (names.length > 0 || !text(section).equals("name")) {
        return;
      }
      while (section.hasRemaining()) {
        var id = section.next();
        var size = section.unsigned();
        if (id == 1 && size <= MOST_BYTES_OF_NAMES) {
          names = section.bytes(size);
          return;
        }
        section.skip(size);
      }
    } catch (BufferUnderflowException e) {
      // A custom section may contain anything.
    }
  }

  private static String text(ModuleBytes section) {
    var length = section.unsigned();
    var kept = (int) Math.min(length, MOST_NAME);
    var text = new String(section.bytes(kept), StandardCharsets.UTF_8);
    section.skip(length - kept);
    return WellFormed.text(text.replaceAll("\\p{Cntrl}", ""));
  }
}
