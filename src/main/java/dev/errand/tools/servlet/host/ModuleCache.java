package dev.errand.tools.servlet.host;

import dev.errand.base.error.ApiException;
import dev.errand.tools.servlet.abi.InvalidServletException;
import dev.errand.tools.servlet.module.ServletModule;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** An LRU cache of loaded modules; concurrent requests for a module share one load. */
final class ModuleCache {
  private final int mostModules;
  private final long mostBytes;
  private final LinkedHashMap<String, CompletableFuture<ServletModule>> modules =
      new LinkedHashMap<>(16, 0.75f, true);

  ModuleCache(int mostModules, long mostBytes) {
    this.mostModules = mostModules;
    this.mostBytes = mostBytes;
  }

  /** Loads a module and completes the future with it, at once or later. */
  @FunctionalInterface
  interface Loader {
    void load(CompletableFuture<ServletModule> result);
  }

  /**
   * Gets the module of an address, and loads it if it is absent. Failures are not cached.
   *
   * @param weight what it will probably take, for which there is made room before it is loaded
   * @throws ApiException when this host failed to load it
   * @throws InterruptedException when interrupted while it loads; loading continues
   */
  ServletModule get(String address, long weight, Loader loader)
      throws InvalidServletException, InterruptedException {
    var mine = new CompletableFuture<ServletModule>();
    // The module is published only after the cache has made room for it.
    var settled = mine.whenComplete((module, _) -> settle(address, module));
    CompletableFuture<ServletModule> shared;
    boolean first;
    synchronized (modules) {
      first = !modules.containsKey(address);
      shared = modules.computeIfAbsent(address, _ -> settled);
    }
    if (first) {
      makeRoom(weight);
      loader.load(mine);
    }
    try {
      return shared.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof InvalidServletException invalid) {
        throw new InvalidServletException(String.valueOf(invalid.getMessage()), invalid);
      }
      if (e.getCause() instanceof ApiException failed) {
        throw new ApiException(failed.code(), String.valueOf(failed.getMessage()));
      }
      throw new IllegalStateException("A module could not be loaded", e.getCause());
    }
  }

  Optional<ServletModule> find(String address) {
    CompletableFuture<ServletModule> module;
    synchronized (modules) {
      module = modules.get(address);
    }
    return module != null && made(module) ? Optional.of(module.join()) : Optional.empty();
  }

  /** Keeps a module that is loaded, and removes one that could not be loaded. */
  private void settle(String address, @Nullable ServletModule own) {
    synchronized (modules) {
      if (own == null) {
        modules.remove(address);
      } else {
        makeRoom(own.weight());
      }
    }
  }

  /** Removes the modules that were used the longest ago, until one of that weight fits in. */
  private void makeRoom(long weight) {
    synchronized (modules) {
      var bytes =
          weight
              + modules.values().stream()
                  .filter(ModuleCache::made)
                  .mapToLong(module -> module.join().weight())
                  .sum();
      var eldest = modules.values().iterator();
      while ((modules.size() > mostModules || bytes > mostBytes) && eldest.hasNext()) {
        var module = eldest.next();
        if (made(module)) {
          bytes -= module.join().weight();
          eldest.remove();
        }
      }
    }
  }

  private static boolean made(CompletableFuture<ServletModule> module) {
    return module.isDone() && !module.isCompletedExceptionally();
  }
}
