package dev.errand.tools.servlet.host;

import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.SectionId;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.secret.Sha256;
import dev.errand.tools.servlet.abi.HostImport;
import dev.errand.tools.servlet.abi.InvalidServletException;
import dev.errand.tools.servlet.limit.Limits;
import dev.errand.tools.servlet.module.BoundedInterpreter;
import dev.errand.tools.servlet.module.CodeStore;
import dev.errand.tools.servlet.module.CompiledCode;
import dev.errand.tools.servlet.module.Engine;
import dev.errand.tools.servlet.module.EngineVersion;
import dev.errand.tools.servlet.module.FunctionBodies;
import dev.errand.tools.servlet.module.ModuleCheck;
import dev.errand.tools.servlet.module.ModuleScan;
import dev.errand.tools.servlet.module.PrebuiltModules;
import dev.errand.tools.servlet.module.ServletModule;
import dev.errand.tools.servlet.simd.SimdLowering;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Parses, checks and compiles untrusted modules. */
final class ModuleLoader {
  private static final Logger LOG = Logger.getLogger(ModuleLoader.class);

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
   * Loads a module.
   *
   * @throws ApiException {@link ErrorCode#INTERNAL} when this host fails
   */
  ServletModule load(String address, byte[] wasm) throws InvalidServletException {
    if (!address.equals(Sha256.hex(wasm))) {
      throw new InvalidServletException("The bytes do not match the address " + address + ".");
    }
    try {
      return make(address, wasm);
    } catch (StackOverflowError e) {
      throw new InvalidServletException("The module nests too deeply.", e);
    } catch (RuntimeException | LinkageError | AssertionError e) {
      throw new ApiException(
          ErrorCode.INTERNAL,
          "The module is valid, but this host failed to make it ready to run: the server's log has"
              + " the cause as incident %s.".formatted(incident(address, e)));
    }
  }

  private static UUID incident(String address, Throwable cause) {
    var incident = UUID.randomUUID();
    LOG.errorf(cause, "Incident %s: the module %s was not loaded", incident, address);
    return incident;
  }

  private ServletModule make(String address, byte[] wasm) throws InvalidServletException {
    var built = prebuilt.find(address);
    if (built.isPresent()) {
      var module = built.get().module();
      var imports = new ModuleCheck(module, limits).declarations(known);
      return new ServletModule(
          address, wasm, wasm.length, module, built.get().machine(), imports, false);
    }
    return switch (engine) {
      case INTERPRETED -> {
        ModuleScan.checkWithoutCode(wasm, limits);
        var plain = SimdLowering.of(wasm, limits).orElse(wasm);
        var _ = ModuleScan.check(plain, limits);
        var read = read(address, plain);
        yield new ServletModule(
            address,
            wasm,
            plain.length,
            read.module(),
            BoundedInterpreter::new,
            read.imports(),
            true);
      }
      case COMPILED -> {
        var restored = restored(address, wasm);
        yield restored.isPresent() ? restored.get() : compiled(address, wasm);
      }
    };
  }

  private ServletModule compiled(String address, byte[] wasm) throws InvalidServletException {
    var lowered = SimdLowering.of(wasm, limits);
    var plain = lowered.orElse(wasm);
    var large = ModuleScan.check(plain, limits).tooLarge();
    var read = read(address, plain);
    var code = CompiledCode.of(read.module(), large);
    version.ifPresent(
        engine ->
            code.toBytes(lowered.isPresent())
                .ifPresent(bytes -> store.keep(address, engine, bytes)));
    var interpreted = code.reach().interpreted();
    return new ServletModule(
        address,
        wasm,
        plain.length,
        interpreted ? read.module() : parse(FunctionBodies.without(plain), false),
        code.machine(),
        read.imports(),
        interpreted);
  }

  /** The module with stored code, if that is usable; it was checked before it was stored. */
  private Optional<ServletModule> restored(String address, byte[] wasm)
      throws InvalidServletException {
    ModuleScan.checkWithoutCode(wasm, limits);
    var kept = version.flatMap(engine -> store.find(address, engine));
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    try {
      var interpreted = CompiledCode.reach(kept.get()).interpreted();
      var lowered =
          CompiledCode.isLowered(kept.get())
              ? SimdLowering.of(wasm, limits)
              : Optional.<byte[]>empty();
      var plain = lowered.orElse(wasm);
      var module = parse(interpreted ? plain : FunctionBodies.without(plain), false);
      var imports = new ModuleCheck(module, limits).declarations(known);
      var code = CompiledCode.again(kept.get(), module);
      return Optional.of(
          new ServletModule(
              address, wasm, plain.length, module, code.machine(), imports, interpreted));
    } catch (RuntimeException | LinkageError e) {
      // Code in an old format is unusable, and is replaced when the module is compiled.
      return Optional.empty();
    }
  }

  /** A parsed module, and the host functions that it imports. */
  private record Read(WasmModule module, List<HostImport> imports) {}

  /** Parses and checks a module, and reports everything that is wrong with its bytes. */
  private Read read(String address, byte[] wasm) throws InvalidServletException {
    try {
      var module = parse(wasm, true);
      var check = new ModuleCheck(module, limits);
      var imports = check.declarations(known);
      check.code();
      return new Read(module, imports);
    } catch (ChicoryException e) {
      throw new InvalidServletException("The module is invalid: " + e.getMessage() + ".", e);
    } catch (RuntimeException | AssertionError e) {
      // The parser throws arbitrary exceptions for some malformed bytes.
      throw new InvalidServletException(
          "The module can't be parsed. If other runtimes accept it, the fault is in this host: its"
              + " log has the cause as incident %s.".formatted(incident(address, e)),
          e);
    }
  }

  /**
   * Parses a module without its custom sections, which hold names and debug data. They are not
   * needed here, can be most of a module, and need not be well-formed.
   *
   * @param validate whether to validate it, which is not needed for a module that was compiled
   */
  private static WasmModule parse(byte[] wasm, boolean validate) {
    var parser = Parser.builder().withValidation(validate);
    for (var id = SectionId.TYPE; id <= SectionId.TAG; id++) {
      parser.includeSectionId(id);
    }
    return parser.build().parse(() -> new ByteArrayInputStream(wasm));
  }
}
