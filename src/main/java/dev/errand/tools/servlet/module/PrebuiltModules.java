package dev.errand.tools.servlet.module;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.WasmModule;
import java.util.Optional;
import java.util.function.Function;

/** Servlets whose code was compiled when this program was built. */
@FunctionalInterface
public interface PrebuiltModules {
  PrebuiltModules NONE = address -> Optional.empty();

  /** The code of the servlet with that content address, if it was built in. */
  Optional<Prebuilt> find(String address);

  /**
   * Code that was built in.
   *
   * @param module the module that the code belongs to, the same object at every call
   */
  record Prebuilt(WasmModule module, Function<Instance, Machine> machine) {}
}
