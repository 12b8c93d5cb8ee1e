package dev.errand.tools.servlet.module;

import dev.errand.tools.servlet.abi.InvalidServletException;
import java.nio.BufferUnderflowException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Lists the imports of a module. It reads only the beginning of a module, which contains them. */
public final class ModuleImports {
  /** How many bytes of a module are read. */
  public static final int BEGINNING = 64 * 1024;

  private static final int HEADER = 8;
  private static final int SECTION = 2;

  private ModuleImports() {}

  /** The imports of a checked module, as {@code module.name}, in order. */
  public static List<String> of(byte[] beginning) {
    List<String> names = new ArrayList<>();
    try {
      var wasm = ModuleBytes.of(beginning, HEADER);
      while (wasm.hasRemaining()) {
        var id = wasm.next();
        var size = wasm.unsigned();
        if (id == SECTION) {
          new DeclarationScan()
              .imports(wasm, (module, name) -> names.add(text(module) + "." + text(name)));
          return names;
        }
        wasm.skip(size);
      }
    } catch (BufferUnderflowException | IllegalArgumentException | InvalidServletException e) {
      // The section continues after the beginning: the imports read so far are returned.
      return names;
    }
    return names;
  }

  private static String text(ModuleBytes name) {
    return new String(name.bytes(name.remaining()), StandardCharsets.UTF_8);
  }
}
