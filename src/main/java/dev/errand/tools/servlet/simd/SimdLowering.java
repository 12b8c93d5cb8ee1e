package dev.errand.tools.servlet.simd;

import dev.errand.tools.servlet.abi.InvalidServletException;
import dev.errand.tools.servlet.limit.Limits;
import dev.errand.tools.servlet.module.DeclarationScan;
import dev.errand.tools.servlet.module.ModuleBytes;
import dev.errand.tools.servlet.module.ModuleScan;
import dev.errand.tools.servlet.module.ModuleWriter;
import java.nio.BufferUnderflowException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the SIMD instructions of a module by others, and its vectors by pairs of integers, since
 * neither the compiler nor the interpreter has them. What comes out is checked, bounded and run as
 * any other module; the index of a function stays the same.
 */
public final class SimdLowering {
  private static final int HEADER = 8;

  /** The most operands that calls and blocks may pass; local variables count as several. */
  private static final long MOST_WORK = 50_000_000;

  private static final int TYPES = 1;
  private static final int IMPORTS = 2;
  private static final int FUNCTIONS = 3;
  private static final int GLOBALS = 6;
  private static final int CODE = 10;

  private final Limits limits;
  private final DeclarationScan declarations = new DeclarationScan();
  private final VectorTypes types = new VectorTypes(declarations);
  private final List<Section> sections = new ArrayList<>();
  private final Map<Integer, ModuleBytes> read = new HashMap<>();

  private long work;

  private record Section(int id, int begin, int size) {}

  private SimdLowering(Limits limits) {
    this.limits = limits;
  }

  /**
   * The module without SIMD.
   *
   * @return empty where it has none, and where it is malformed or too much, as {@link ModuleScan}
   *     then finds
   * @throws InvalidServletException when the module can't be a servlet
   */
  public static Optional<byte[]> of(byte[] wasm, Limits limits) throws InvalidServletException {
    if (wasm.length < HEADER || wasm.length > limits.module()) {
      return Optional.empty();
    }
    try {
      var lowering = new SimdLowering(limits);
      return lowering.isRead(ModuleBytes.of(wasm, HEADER))
          ? lowering.lowered(wasm)
          : Optional.empty();
    } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  /** Reads the sections, and whether there is code whose vectors may have to be replaced. */
  private boolean isRead(ModuleBytes wasm) {
    while (wasm.hasRemaining()) {
      var id = wasm.next();
      var size = wasm.unsigned();
      sections.add(new Section(id, wasm.position(), (int) size));
      var part = wasm.part(size);
      if (id != 0 && read.put(id, part) != null) {
        return false;
      }
    }
    return read.containsKey(TYPES) && read.containsKey(FUNCTIONS) && read.containsKey(CODE);
  }

  private ModuleBytes section(int id) {
    var section = read.get(id);
    return section == null ? ModuleBytes.of(new byte[] {0}, 0) : section;
  }

  private Optional<byte[]> lowered(byte[] wasm) throws InvalidServletException {
    types.read(section(TYPES));
    declarations.imports(section(IMPORTS));
    declarations.functions(section(FUNCTIONS));
    var globals = new VectorGlobals(section(GLOBALS), declarations.importedGlobals());
    var code = code(section(CODE), globals);
    if (code == null) {
      return Optional.empty();
    }
    var own = declarations.declaredFunctions() - declarations.importedFunctions();
    var out = new ModuleWriter().write(wasm, 0, HEADER);
    for (var section : sections) {
      out.write(section.id());
      switch (section.id()) {
        case TYPES -> out.part(types.typeSection());
        case FUNCTIONS -> {
          var declared = new ModuleWriter().unsigned(own + types.addedFunctions());
          for (var i = 0; i < own; i++) {
            declared.unsigned(declarations.typeOf(declarations.importedFunctions() + i));
          }
          out.part(declared.write(types.addedFunctionTypes()));
        }
        case GLOBALS -> out.part(globals.section());
        case CODE ->
            out.part(
                new ModuleWriter()
                    .unsigned(own + types.addedFunctions())
                    .write(code.toBytes())
                    .write(types.addedCode()));
        default -> out.unsigned(section.size()).write(wasm, section.begin(), section.size());
      }
    }
    return Optional.of(out.toBytes());
  }

  // The scan that follows refuses what is given up here, and says why.
  private void work(long steps) {
    work += steps;
    if (work > MOST_WORK) {
      throw new IllegalArgumentException("too much work");
    }
  }

  /** The functions without vectors; null where they have none. */
  private @Nullable ModuleWriter code(ModuleBytes section, VectorGlobals globals)
      throws InvalidServletException {
    var out = new ModuleWriter();
    var replaced = types.withVectors() || globals.withVectors();
    var count = section.count();
    for (var i = 0; i < count; i++) {
      var size = section.unsigned();
      if (size > ModuleScan.MOST_BODY) {
        return null;
      }
      var begin = section.position();
      var body = section.part(size);
      var code =
          new VectorCode(
                  types,
                  globals,
                  types.function((long) declarations.importedFunctions() + i),
                  body,
                  types::lane,
                  this::work,
                  limits.code())
              .replaced();
      if (code == null) {
        out.unsigned(size);
        section.copy(begin, out);
      } else {
        replaced = true;
        out.part(code);
      }
      if (out.size() > limits.code()) {
        throw new InvalidServletException(
            "The module has more than %s of code, or would have without its SIMD instructions,"
                    .formatted(Limits.size(limits.code()))
                + " which this host replaces; turn SIMD off in the compiler (clang: -mno-simd128,"
                + " Rust: -C target-feature=-simd128).");
      }
    }
    return replaced ? out : null;
  }
}
