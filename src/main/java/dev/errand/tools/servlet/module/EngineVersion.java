package dev.errand.tools.servlet.module;

import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import java.io.IOException;
import java.util.Optional;
import java.util.Properties;

/** The version of everything else that compiled code depends on; other versions are not loaded. */
public final class EngineVersion {
  /**
   * Raised when {@link CompiledCode} compiles in another way, or {@link ModuleCheck} refuses other
   * code: older stored code is then compiled, and so checked, again.
   */
  private static final int FORM = 4;

  private static final String COMPILER =
      "/META-INF/maven/com.dylibso.chicory/compiler/pom.properties";

  private EngineVersion() {}

  /** The version of this process, if the compiler's version is known. */
  public static Optional<String> current() {
    try (var in = MachineFactoryCompiler.class.getResourceAsStream(COMPILER)) {
      if (in == null) {
        return Optional.empty();
      }
      var properties = new Properties();
      properties.load(in);
      return Optional.ofNullable(properties.getProperty("version"))
          .map(
              version ->
                  "form %d, chicory %s, java %d"
                      .formatted(FORM, version, Runtime.version().feature()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
