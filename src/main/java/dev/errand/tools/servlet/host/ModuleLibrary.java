package dev.errand.tools.servlet.host;

import dev.errand.tools.servlet.abi.InvalidServletException;
import dev.errand.tools.servlet.limit.Limits;
import dev.errand.tools.servlet.limit.ServletTimes;
import dev.errand.tools.servlet.module.CodeStore;
import dev.errand.tools.servlet.module.Engine;
import dev.errand.tools.servlet.module.Execution;
import dev.errand.tools.servlet.module.PrebuiltModules;
import dev.errand.tools.servlet.module.ServletModule;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/** The modules of this process: each is loaded once, and then kept for a while. */
final class ModuleLibrary {
  /** Compiling is recursive in places, and its input is not trusted. */
  private static final long LOADER_STACK = 16L << 20;

  private final Engine engine;
  private final PrebuiltModules prebuilt;
  private final ModuleLoader loader;
  private final ModuleCache modules;
  private final ServletTimes times;
  private final Semaphore loads = new Semaphore(1, true);

  ModuleLibrary(
      Limits limits, Engine engine, PrebuiltModules prebuilt, CodeStore store, ServletTimes times) {
    this.engine = engine;
    this.prebuilt = prebuilt;
    this.loader = new ModuleLoader(limits, engine, prebuilt, store);
    this.modules = new ModuleCache(limits.cachedModules(), limits.cachedBytes());
    this.times = times;
  }

  /** The module of these bytes, as {@link ServletHost#load} answers it. */
  ServletModule load(String address, byte[] wasm)
      throws InvalidServletException, InterruptedException {
    return modules.get(address, result -> load(address, wasm, result));
  }

  /** The module of the bytes with that SHA-256, if it was made and is still kept. */
  Optional<ServletModule> loaded(String address) {
    return modules.find(address);
  }

  /** How this process runs a module, as {@link ServletHost#execution} answers it. */
  Execution execution(String address, boolean whole) {
    if (prebuilt.find(address).isPresent()) {
      return Execution.BUILT_IN;
    }
    return switch (engine) {
      case INTERPRETED -> Execution.INTERPRETED;
      case COMPILED -> {
        boolean interpreted = loaded(address).map(ServletModule::interpreted).orElse(!whole);
        yield interpreted ? Execution.INTERPRETED : Execution.COMPILED;
      }
    };
  }

  /** Whether a loaded module shows that a compiler can't take all of its functions. */
  boolean tooLarge(ServletModule module) {
    return engine == Engine.COMPILED && module.interpreted();
  }

  private void load(String address, byte[] wasm, CompletableFuture<ServletModule> result) {
    var thread =
        new Thread(
            null,
            () -> {
              // One at a time: a module being compiled takes many times its size.
              loads.acquireUninterruptibly();
              try {
                var begun = System.nanoTime();
                var module = loader.load(address, wasm);
                times.loaded(Duration.ofNanos(System.nanoTime() - begun));
                result.complete(module);
              } catch (Throwable e) {
                result.completeExceptionally(e);
              } finally {
                loads.release();
              }
            },
            "servlet-load",
            LOADER_STACK);
    thread.setDaemon(true);
    thread.start();
  }
}
