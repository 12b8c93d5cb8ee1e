package dev.errand.tools.servlet.module;

import java.nio.BufferUnderflowException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The custom sections of a module, in which compilers write notes for other tools. */
public final class CustomSections {
  private static final int HEADER = 8;

  private CustomSections() {}

  /**
   * Whether a module has a custom section of a name.
   *
   * @param wasm bytes whose sections are well-formed, apart from custom ones
   */
  public static boolean contain(byte[] wasm, String name) {
    var wanted = name.getBytes(StandardCharsets.UTF_8);
    var module = ModuleBytes.of(wasm, HEADER);
    while (module.hasRemaining()) {
      var id = module.next();
      var section = module.part(module.unsigned());
      if (id == 0 && isNamed(section, wanted)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isNamed(ModuleBytes section, byte[] wanted) {
    try {
      return section.unsigned() == wanted.length
          && Arrays.equals(section.bytes(wanted.length), wanted);
    } catch (BufferUnderflowException e) {
      // A custom section may contain anything.
      return false;
    }
  }
}
