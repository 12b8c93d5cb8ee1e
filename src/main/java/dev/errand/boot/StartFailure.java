package dev.errand.boot;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.tool.schema.spi.SchemaManagementException;
import org.jspecify.annotations.Nullable;

/** Tells why the service did not start, in the words of whoever knew. */
final class StartFailure {
  private StartFailure() {}

  static String told(Throwable problem) {
    List<Throwable> chain = new ArrayList<>();
    for (@Nullable Throwable t = problem; t != null && !chain.contains(t); t = t.getCause()) {
      chain.add(t);
    }
    Throwable speaker = chain.getLast();
    for (Throwable t : chain) {
      // Ours are written to be read; what caused them is for whoever looks further.
      if (t instanceof StartException
          || t instanceof ConfigurationException
          || t instanceof SchemaManagementException
          || t.getClass() == IllegalStateException.class) {
        speaker = t;
        break;
      }
    }
    if (speaker instanceof SchemaManagementException) {
      return "Errand can't start. The database's schema is not that of this build ("
          + speaker.getMessage()
          + "): let the start bring it up to date, without QUARKUS_FLYWAY_MIGRATE_AT_START=false.";
    }
    StringWriter stack = new StringWriter();
    if (!(speaker instanceof IllegalStateException)
        && !(speaker instanceof ConfigurationException)
        && !(speaker instanceof StartException)) {
      problem.printStackTrace(new PrintWriter(stack));
    }
    String sentence =
        speaker.getMessage() == null ? speaker.getClass().getName() : speaker.getMessage();
    return stack + "Errand can't start. " + sentence;
  }
}
