package dev.errand.tools.servlet.host;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
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

/** Loads and caches the modules of this process. */
final class ModuleLibrary {
  /** The compiler is recursive in places, and its input is not trusted. */
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

  /** Loads a module, as {@link ServletHost#load} does. */
  ServletModule load(String address, byte[] wasm)
      throws InvalidServletException, InterruptedException {
    boolean interprets = engine == Engine.INTERPRETED && prebuilt.find(address).isEmpty();
    long weight = ServletModule.weight(wasm.length, interprets);
    if (interprets) {
      checkFits(weight, Runtime.getRuntime().maxMemory());
    }
    return modules.get(address, weight, result -> load(address, wasm, result));
  }

  /**
   * Checks that interpreted code takes no more than half of the heap.
   *
   * @param weight what it takes, in bytes
   * @throws ApiException {@link ErrorCode#UNAVAILABLE} when it would take more
   */
  static void checkFits(long weight, long heap) {
    if (weight > heap / 2) {
      throw new ApiException(
          ErrorCode.UNAVAILABLE,
          "The module would take about %d MiB of memory, because this process interprets it: start"
                  .formatted(mebibytes(weight))
              + " it with a heap of %d MiB or more (-Xmx), or run it on a JVM, which compiles it."
                  .formatted(mebibytes(2 * weight)));
    }
  }

  private static long mebibytes(long bytes) {
    return Math.ceilDiv(bytes, 1L << 20);
  }

  /** The module with that SHA-256, if it is in the cache. */
  Optional<ServletModule> loaded(String address) {
    return modules.find(address);
  }

  /** How this process executes a module, as {@link ServletHost#execution} says. */
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

  /** Whether the compiler can't compile all functions of a loaded module. */
  boolean tooLarge(ServletModule module) {
    return engine == Engine.COMPILED && module.interpreted();
  }

  private void load(String address, byte[] wasm, CompletableFuture<ServletModule> result) {
    var thread =
        new Thread(
            null,
            () -> {
              // One at a time, because compiling takes many times the memory of the module.
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
