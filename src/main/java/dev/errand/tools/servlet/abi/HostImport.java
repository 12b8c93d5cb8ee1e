package dev.errand.tools.servlet.abi;

import com.dylibso.chicory.runtime.ImportFunction;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.runtime.WasmFunctionHandle;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.ValType;
import dev.errand.tools.servlet.limit.CallEnded;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A host function that servlets may import.
 *
 * @param early whether it works before the instance has a call
 * @param binding creates the function for one instance
 */
public record HostImport(
    String module, String name, FunctionType type, boolean early, Binding binding) {
  private static final long[] NOTHING = {};

  /** Creates a function for one instance, which gets its call from a supplier. */
  @FunctionalInterface
  interface Binding {
    WasmFunctionHandle to(Supplier<ServletCall> call);
  }

  /** The body of a function that returns one number. */
  @FunctionalInterface
  interface Returning {
    long apply(ServletCall call, Instance instance, long[] args);
  }

  /** The body of a function that returns nothing. */
  @FunctionalInterface
  interface Silent {
    void apply(ServletCall call, Instance instance, long[] args);
  }

  /**
   * A function that returns a number.
   *
   * @param params a letter for each parameter: {@code i} is i32, {@code l} i64, {@code d} f64
   * @param result the letter of the result
   */
  static HostImport of(String module, String name, String params, char result, Returning body) {
    var type = FunctionType.of(types(params), types(String.valueOf(result)));
    return new HostImport(
        module,
        name,
        type,
        false,
        call -> {
          // One array serves all results: the caller reads it before any other function runs.
          var results = new long[1];
          return (instance, args) -> {
            results[0] = body.apply(call.get(), instance, args);
            return results;
          };
        });
  }

  /** A function that returns nothing, with parameters by letter. */
  static HostImport of(String module, String name, String params, Silent body) {
    return new HostImport(
        module,
        name,
        FunctionType.of(types(params), new ValType[0]),
        false,
        call ->
            (instance, args) -> {
              body.apply(call.get(), instance, args);
              return NOTHING;
            });
  }

  /** The same function, which also works before the instance has a call. */
  HostImport alsoEarly() {
    return new HostImport(module, name, type, true, binding);
  }

  /** Binds the function to an instance's current call. */
  public ImportFunction bind(CurrentCall current) {
    return new ImportFunction(
        module, name, type, binding.to(early ? current::any : current::taken));
  }

  /** The instance's linear memory. */
  static Memory memory(Instance instance) {
    var memory = instance.memory();
    if (memory == null) {
      throw new CallEnded.Failed("The tool crashed: it has no memory.");
    }
    return memory;
  }

  public static String key(String module, String name) {
    return module + '\n' + name;
  }

  /** All host functions. */
  public static Stream<HostImport> all() {
    return Stream.of(ExtismAbi.imports(), WasiAbi.imports(), AssemblyScriptAbi.imports())
        .flatMap(s -> s);
  }

  private static ValType[] types(String letters) {
    return Arrays.stream(letters.split(""))
        .filter(letter -> !letter.isEmpty())
        .map(
            letter ->
                switch (letter) {
                  case "i" -> ValType.I32;
                  case "l" -> ValType.I64;
                  case "d" -> ValType.F64;
                  default -> throw new IllegalArgumentException(letter);
                })
        .toArray(ValType[]::new);
  }
}
