package dev.errand.app.boot;

import dev.errand.tools.servlet.module.Engine;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Warns if the JVM was started without a flag that the service needs. A jar cannot contain flags,
 * and they cannot be set later; the native executable has them built in.
 */
@ApplicationScoped
class JvmFlags {
  private static final Logger LOG = Logger.getLogger("dev.errand");

  /** Makes the JVM compile large functions of servlets instead of interpreting them. */
  static final String HUGE_METHODS = "-XX:-DontCompileHugeMethods";

  /** Makes a process that is out of memory exit, since its work may be incomplete. */
  static final String EXIT = "-XX:+ExitOnOutOfMemoryError";

  void start(@Observes StartupEvent event) {
    if (Engine.best() != Engine.COMPILED) {
      return;
    }
    List<String> options = ManagementFactory.getRuntimeMXBean().getInputArguments();
    if (!isSet(HUGE_METHODS, options)) {
      LOG.infof(
          "Servlets with large functions would run several times faster: start with java %s, or set"
              + " JDK_JAVA_OPTIONS=%s.",
          HUGE_METHODS, HUGE_METHODS);
    }
    if (!isSet(EXIT, options)) {
      LOG.infof(
          "Without this flag, a process that is out of memory does not exit: start with java %s,"
              + " or set JDK_JAVA_OPTIONS=%s, and have it restarted when it exits.",
          EXIT, EXIT);
    }
  }

  /** Whether a JVM with these options has that flag; the last occurrence counts. */
  static boolean isSet(String flag, List<String> options) {
    String name = flag.substring("-XX:+".length());
    return flag.equals(
        options.stream()
            .filter(option -> option.equals("-XX:+" + name) || option.equals("-XX:-" + name))
            .reduce("", (before, last) -> last));
  }
}
