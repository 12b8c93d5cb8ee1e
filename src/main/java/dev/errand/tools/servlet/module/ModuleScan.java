package dev.errand.tools.servlet.module;

import dev.errand.tools.servlet.abi.InvalidServletException;
import dev.errand.tools.servlet.limit.Limits;
import java.nio.BufferUnderflowException;
import java.util.Arrays;

/**
 * The first check of a module's bytes, before the parser runs, which would allocate memory and
 * spend time according to any numbers that it reads.
 */
public final class ModuleScan {
  /** The largest function: the compiler compiles it whole before it finds that no JVM holds it. */
  public static final int MOST_BODY = 1 << 20;

  private static final int HEADER = 8;

  private final Limits limits;
  private final DeclarationScan declared = new DeclarationScan();

  private ModuleScan(Limits limits) {
    this.limits = limits;
  }

  /** Refuses bytes that are not a module, and modules whose code is too expensive to parse. */
  public static CompileCost check(byte[] wasm, Limits limits) throws InvalidServletException {
    return check(wasm, limits, true);
  }

  /** Makes the checks of {@link #check(byte[], Limits)}, except for the code itself. */
  public static void checkWithoutCode(byte[] wasm, Limits limits) throws InvalidServletException {
    var _ = check(wasm, limits, false);
  }

  private static CompileCost check(byte[] wasm, Limits limits, boolean code)
      throws InvalidServletException {
    if (wasm.length > limits.module()) {
      throw new InvalidServletException(
          "The module has %d bytes; at most %s are allowed."
              .formatted(wasm.length, Limits.size(limits.module())));
    }
    var magic = new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0};
    if (wasm.length < magic.length || !Arrays.equals(wasm, 0, 8, magic, 0, 8)) {
      if (wasm.length == 0) {
        throw new InvalidServletException(
            "The body is empty; it must be the bytes of the module, as curl sends them with"
                + " --data-binary @file.wasm.");
      }
      // It drops zeros and line ends, or everything after the first zero.
      if (wasm.length >= 3 && wasm[0] == 'a' && wasm[1] == 's' && wasm[2] == 'm') {
        throw new InvalidServletException(
            "The module has lost bytes on its way, for example by curl's -d: send it with"
                + " --data-binary @file.wasm.");
      }
      throw new InvalidServletException(
          wasm.length >= 8 && wasm[0] == 0 && wasm[1] == 'a' && wasm[6] == 1
              ? "This is a WebAssembly component; a servlet is a core module."
              : "This is not a WebAssembly module: it does not begin with the magic number.");
    }
    try {
      return new ModuleScan(limits).sections(ModuleBytes.of(wasm, HEADER), code);
    } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new InvalidServletException("The module is cut off or malformed.", e);
    }
  }

  private CompileCost sections(ModuleBytes wasm, boolean code) throws InvalidServletException {
    var cost = new CompileCost();
    while (wasm.hasRemaining()) {
      var id = wasm.next();
      var size = wasm.unsigned();
      var section = wasm.part(size);
      switch (id) {
        case 0 -> declared.custom(section);
        case 1 -> declared.types(section);
        case 2 -> declared.imports(section);
        case 3 -> declared.functions(section);
        case 4 -> declared.tables(section);
        case 5 -> declared.memories(section);
        case 7 -> declared.exports(section);
        case 9 -> declared.elements(section);
        case 10 -> {
          if (size > limits.code()) {
            throw new InvalidServletException(
                "The module has %d bytes of code; at most %s are allowed."
                    .formatted(size, Limits.size(limits.code())));
          }
          if (code) {
            cost = new CodeScan(declared, limits).section(section);
          }
        }
        case 11 -> declared.data(section);
        case 6, 8, 12, 13 -> {}
        default -> throw new IllegalArgumentException("a section of no kind");
      }
    }
    return cost;
  }
}
