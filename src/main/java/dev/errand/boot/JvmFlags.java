package dev.errand.boot;

import dev.errand.servlet.host.Engine;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Says when this JVM was started so that it leaves large functions of servlets to its interpreter.
 * A jar can't bring along the flag that prevents it, nor can it be set later.
 */
@ApplicationScoped
class HugeMethods {
  private static final Logger LOG = Logger.getLogger("dev.errand");

  static final String FLAG = "-XX:-DontCompileHugeMethods";

  void start(@Observes StartupEvent event) {
    if (Engine.best() == Engine.COMPILED
        && !areCompiled(ManagementFactory.getRuntimeMXBean().getInputArguments())) {
      LOG.infof(
          "Servlets with large functions would run several times faster: start with java %s, or set"
              + " JDK_JAVA_OPTIONS=%s.",
          FLAG, FLAG);
    }
  }

  /** Whether a JVM with these options compiles methods of any size; the last word on it counts. */
  static boolean areCompiled(List<String> options) {
    return FLAG.equals(
        options.stream()
            .filter(option -> option.endsWith("DontCompileHugeMethods"))
            .reduce("", (before, last) -> last));
  }
}
