package dev.errand.servlet.host;

import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes modules of bytes that anyone may have written. */
final class ModuleLoader {
  private final Limits limits;
  private final Engine engine;
  private final PrebuiltModules prebuilt;
  private final CodeStore store;
  private final Optional<String> version;
  private final Map<String, HostImport> known;

  ModuleLoader(Limits limits, Engine engine, PrebuiltModules prebuilt, CodeStore store) {
    this.limits = limits;
    this.engine = engine;
    this.prebuilt = prebuilt;
    this.store = store;
    this.version = engine == Engine.COMPILED ? EngineVersion.current() : Optional.empty();
    this.known =
        HostImport.all()
            .collect(
                Collectors.toUnmodifiableMap(
                    i -> HostImport.key(i.module(), i.name()), Function.identity()));
  }

  /**
   * Parses, checks and compiles.
   *
   * @throws InvalidServletException whatever is wrong with the bytes
   */
  ServletModule load(String address, byte[] wasm) throws InvalidServletException {
    if (!address.equals(digest(wasm))) {
      throw new InvalidServletException("The bytes are not those of the address " + address + ".");
    }
    try {
      return make(address, wasm);
    } catch (StackOverflowError e) {
      throw new InvalidServletException("The module nests too deeply.", e);
    } catch (OutOfMemoryError e) {
      throw new InvalidServletException("The module takes too much memory to compile.", e);
    } catch (ChicoryException e) {
      throw new InvalidServletException("The module is invalid: " + e.getMessage() + ".", e);
    } catch (RuntimeException | LinkageError | AssertionError e) {
      // The parser meets malformed bytes with the exceptions of whatever it stumbles over.
      throw new InvalidServletException("The module is malformed.", e);
    }
  }

  private ServletModule make(String address, byte[] wasm) throws InvalidServletException {
    var built = prebuilt.find(address);
    if (built.isPresent()) {
      var module = built.get().module();
      var imports = new ModuleCheck(module, limits).declarations(known);
      return new ServletModule(address, wasm.length, module, built.get().machine(), imports, false);
    }
    ModuleScan.check(wasm, limits);
    return switch (engine) {
      case INTERPRETED -> {
        var module = parse(wasm);
        var imports = checked(module);
        yield new ServletModule(
            address, wasm.length, module, BoundedInterpreter::new, imports, true);
      }
      case COMPILED -> {
        var again = again(address, wasm);
        yield again.isPresent() ? again.get() : compiled(address, wasm);
      }
    };
  }

  private ServletModule compiled(String address, byte[] wasm) throws InvalidServletException {
    var module = parse(wasm);
    var imports = checked(module);
    var code = CompiledCode.of(module);
    version.ifPresent(
        engine -> code.toBytes().ifPresent(bytes -> store.keep(address, engine, bytes)));
    var interpreted = code.reach().interpreted();
    return new ServletModule(
        address,
        wasm.length,
        interpreted ? module : parse(FunctionBodies.without(wasm)),
        code.machine(),
        imports,
        interpreted);
  }

  /** The module with code that was kept, if it can be used; it was checked before it was kept. */
  private Optional<ServletModule> again(String address, byte[] wasm)
      throws InvalidServletException {
    var kept = version.flatMap(engine -> store.find(address, engine));
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    try {
      var interpreted = CompiledCode.reach(kept.get()).interpreted();
      var module = parse(interpreted ? wasm : FunctionBodies.without(wasm));
      var imports = new ModuleCheck(module, limits).declarations(known);
      var code = CompiledCode.again(kept.get(), module);
      return Optional.of(
          new ServletModule(address, wasm.length, module, code.machine(), imports, interpreted));
    } catch (RuntimeException | LinkageError e) {
      // What was kept under another form is of no use; it is replaced when the module is compiled.
      return Optional.empty();
    }
  }

  private List<HostImport> checked(WasmModule module) throws InvalidServletException {
    var check = new ModuleCheck(module, limits);
    var imports = check.declarations(known);
    check.code();
    return imports;
  }

  private static WasmModule parse(byte[] wasm) {
    // Names of functions are for debuggers, and one more thing that could be malformed.
    return Parser.builder()
        .withCustomParsers(Map.of())
        .build()
        .parse(() -> new ByteArrayInputStream(wasm));
  }

  private static String digest(byte[] wasm) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(wasm));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
