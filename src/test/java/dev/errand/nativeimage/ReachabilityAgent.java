package dev.errand.nativeimage;

import java.lang.instrument.Instrumentation;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Opens the JDK to the {@link ImageHeap}, and instruments what is loaded by {@link
 * CallSiteTransformer}.
 */
public final class ReachabilityAgent {
  private ReachabilityAgent() {}

  /** Called by the JVM before the main class is loaded. */
  public static void premain(String arguments, Instrumentation instrumentation) {
    Module self = ReachabilityAgent.class.getModule();
    for (Module module : ModuleLayer.boot().modules()) {
      Map<String, Set<Module>> opens = new HashMap<>();
      module.getPackages().forEach(name -> opens.put(name, Set.of(self)));
      instrumentation.redefineModule(module, Set.of(), Map.of(), opens, Set.of(), Map.of());
    }
    instrumentation.addTransformer(new CallSiteTransformer());
  }
}
