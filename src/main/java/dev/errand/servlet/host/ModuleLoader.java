package dev.errand.servlet.host;

import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes modules of bytes that anyone may have written. */
final class ModuleLoader {
  private final Limits limits;
  private final Engine engine;
  private final PrebuiltModules prebuilt;
  private final Map<String, HostImport> known;

  ModuleLoader(Limits limits, Engine engine, PrebuiltModules prebuilt) {
    this.limits = limits;
    this.engine = engine;
    this.prebuilt = prebuilt;
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
    var module = parse(wasm);
    var check = new ModuleCheck(module, limits);
    var imports = check.declarations(known);
    check.code();
    return switch (engine) {
      case INTERPRETED ->
          new ServletModule(address, wasm.length, module, BoundedInterpreter::new, imports, true);
      case COMPILED -> {
        var code = CompiledCode.of(module);
        yield new ServletModule(
            address, wasm.length, code.module(), code.machine(), imports, code.interpreted());
      }
    };
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
