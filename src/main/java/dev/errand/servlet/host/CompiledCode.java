package dev.errand.servlet.host;

import com.dylibso.chicory.compiler.InterpreterFallback;
import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import com.dylibso.chicory.runtime.CompiledModule;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.CodeSection;
import com.dylibso.chicory.wasm.types.ExternalType;
import com.dylibso.chicory.wasm.types.FunctionBody;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The code of a module, compiled to JVM code as far as the JVM can hold it.
 *
 * @param module the module that instances are made of
 * @param machine makes the machine that runs an instance
 * @param interpreted whether functions are left to the interpreter
 */
record CompiledCode(WasmModule module, Function<Instance, Machine> machine, boolean interpreted) {

  /** Each attempt compiles the module anew, so a module of many huge functions has few. */
  private static final int ATTEMPTS = 6;

  /**
   * Compiles a module. A function that is too large for a method of the JVM is interpreted, along
   * with all that are as large; if that does not converge, the whole module is.
   */
  static CompiledCode of(WasmModule module) {
    var large = new HashSet<Integer>();
    for (var attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        var compiler =
            MachineFactoryCompiler.builder(module)
                .withInterpreterFallback(InterpreterFallback.FAIL)
                .withInterpretedFunctions(large);
        var compiled = compiler.compile();
        return large.isEmpty() && compiled instanceof CompiledModule code
            ? new CompiledCode(withoutCode(module), code.machineFactory(), false)
            : new CompiledCode(module, compiled, true);
      } catch (ChicoryException e) {
        var function = tooLarge(e);
        if (function == null) {
          throw e;
        }
        addAsLarge(module, function, large);
      }
    }
    return new CompiledCode(module, BoundedInterpreter::new, true);
  }

  /** The parsed code takes hundreds of times its size, and nobody reads it once it is compiled. */
  private static WasmModule withoutCode(WasmModule module) {
    var nothing = new FunctionBody(List.of(), List.of());
    var code = CodeSection.builder();
    for (var i = 0; i < module.codeSection().functionBodyCount(); i++) {
      code.addFunctionBody(nothing);
    }
    var bare =
        WasmModule.builder()
            .withValidation(false)
            .setTypeSection(module.typeSection())
            .setImportSection(module.importSection())
            .setFunctionSection(module.functionSection())
            .setTableSection(module.tableSection())
            .setGlobalSection(module.globalSection())
            .setExportSection(module.exportSection())
            .setElementSection(module.elementSection())
            .setCodeSection(code.build())
            .setDataSection(module.dataSection());
    module.memorySection().ifPresent(bare::setMemorySection);
    module.startSection().ifPresent(bare::setStartSection);
    module.dataCountSection().ifPresent(bare::setDataCountSection);
    return bare.build();
  }

  private static void addAsLarge(WasmModule module, int function, Set<Integer> large) {
    var imported = module.importSection().count(ExternalType.FUNCTION);
    var bodies = module.codeSection().functionBodies();
    var size = bodies[function - imported].instructions().size();
    for (var i = 0; i < bodies.length; i++) {
      if (bodies[i].instructions().size() >= size) {
        large.add(i + imported);
      }
    }
  }

  /** The function that a method of the JVM can't hold, if that is what went wrong. */
  private static @Nullable Integer tooLarge(ChicoryException e) {
    return e.getCause() instanceof org.objectweb.asm.MethodTooLargeException tooLarge
            && tooLarge.getMethodName().startsWith("func_")
        ? Integer.valueOf(tooLarge.getMethodName().substring("func_".length()))
        : null;
  }
}
