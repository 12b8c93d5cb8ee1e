package dev.errand.tools.servlet.module;

import com.dylibso.chicory.wasm.WasmModule;
import java.util.List;

/**
 * An exported function that sets up the runtime of a module's language before an instance is
 * called. Modules have the same ones here as in Extism's own hosts. None of those calls {@code
 * _start}, which is a whole program: what its main does would be repeated with each call.
 */
public enum Initializer {
  /** The constructors of C and C++. */
  CONSTRUCTORS("__wasm_call_ctors", 0),

  /** That of a WASI reactor. */
  REACTOR("_initialize", 0),

  /** That of Haskell, with the count and the list of arguments. */
  HASKELL("hs_init", 2),

  /** The program of a module that Go built as a command: all its exports crash before that. */
  GO("_start", 0);

  /** The section that Go's linker writes. */
  private static final String BUILT_BY_GO = "go:buildid";

  private final String export;
  private final int params;

  Initializer(String export, int params) {
    this.export = export;
    this.params = params;
  }

  /**
   * The initializers of a module, in the order in which they are called.
   *
   * @param bytes the source of the module
   */
  static List<Initializer> of(WasmModule module, byte[] bytes) {
    if (HASKELL.isIn(module)) {
      return REACTOR.isIn(module) ? List.of(REACTOR, HASKELL) : List.of(HASKELL);
    }
    // Constructors of another type are not called, and nothing in their place.
    var first = ModuleCheck.type(module, CONSTRUCTORS.export) == null ? REACTOR : CONSTRUCTORS;
    if (first.isIn(module)) {
      return List.of(first);
    }
    return GO.isIn(module) && CustomSections.contain(bytes, BUILT_BY_GO) ? List.of(GO) : List.of();
  }

  private boolean isIn(WasmModule module) {
    var type = ModuleCheck.type(module, export);
    return type != null && type.params().size() == params;
  }

  public String export() {
    return export;
  }

  /** Its arguments, which are zeros. */
  public long[] arguments() {
    return new long[params];
  }

  /** Whether it may end by an exit with the code 0, as a program does. */
  public boolean mayExit() {
    return this == GO;
  }
}
