package dev.errand.tools.servlet.module;

import dev.errand.tools.servlet.binary.ModuleBytes;
import java.nio.BufferUnderflowException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Names what a module imports. It reads the beginning of a module alone, where imports stand. */
public final class ModuleImports {
  /** How many bytes of a module are enough. */
  public static final int BEGINNING = 64 * 1024;

  private static final int HEADER = 8;
  private static final int SECTION = 2;

  private ModuleImports() {}

  /** What a module that was checked imports, as {@code module.name}, in its order. */
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
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      // It goes on behind the beginning: what was read so far is told.
      return names;
    }
    return names;
  }

  private static String text(ModuleBytes name) {
    return new String(name.bytes(name.remaining()), StandardCharsets.UTF_8);
  }
}
