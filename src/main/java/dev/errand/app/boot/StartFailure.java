package dev.errand.app.boot;

import dev.errand.app.database.ServicePort;
import dev.errand.app.database.StartException;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/** Reports in one sentence why the start failed, and what to do. */
public final class StartFailure {
  private static final String OWN = "dev.errand.";

  // The driver's, for a server that wants a password and has got none, or has no TLS.
  private static final String REJECTED = "08004";
  private static final String URL = "QUARKUS_DATASOURCE_JDBC_URL";

  private StartFailure() {}

  /** The sentence, after the stack trace if the failure is unexpected. */
  public static String describe(Throwable problem) {
    List<Throwable> chain = chain(problem);
    return spoken(chain)
        .map(sentence -> "Errand can't start. " + WrongSetting.named(sentence))
        .orElseGet(
            () ->
                stack(problem)
                    + "Errand can't start. "
                    + sentence(chain.getLast())
                    + " This is a defect of Errand: report it with the stack trace above.");
  }

  private static Optional<String> spoken(List<Throwable> chain) {
    // Our messages are complete; their cause is only for debugging.
    return first(chain, StartException.class)
        .map(StartFailure::sentence)
        .or(() -> chain.stream().flatMap(t -> WrongSetting.describe(t).stream()).findFirst())
        .or(() -> first(chain, SQLException.class).flatMap(e -> database(e, chain.getLast())))
        .or(() -> first(chain, FlywayException.class).flatMap(StartFailure::migration))
        .or(
            () ->
                chain.stream().filter(StartFailure::isOwn).findFirst().map(StartFailure::sentence))
        .or(() -> address(chain));
  }

  private static boolean isOwn(Throwable problem) {
    StackTraceElement[] stack = problem.getStackTrace();
    boolean isThrownByUs = stack.length > 0 && stack[0].getClassName().startsWith(OWN);
    boolean isPlain =
        problem.getClass() == IllegalStateException.class
            || problem.getClass() == IllegalArgumentException.class;
    return problem.getMessage() != null
        && (problem instanceof ConfigurationException || (isThrownByUs && isPlain));
  }

  private static Optional<String> database(SQLException problem, Throwable root) {
    String state = Objects.requireNonNullElse(problem.getSQLState(), "08000");
    String said = brief(problem);
    String reason =
        root instanceof UnknownHostException
            ? "the host " + root.getMessage() + " is unknown"
            : said;
    return switch (state.substring(0, Math.min(2, state.length()))) {
      case "08", "57" ->
          Optional.of(
              state.equals(REJECTED)
                  ? ("The database rejected the connection (%s): correct QUARKUS_DATASOURCE_USERNAME,"
                          + " QUARKUS_DATASOURCE_PASSWORD or %s.")
                      .formatted(said, URL)
                  : "The database can't be reached (%s): start it, or correct %s."
                      .formatted(reason, URL));
      case "3D" ->
          Optional.of(
              "The database does not exist (%s): create it, or correct %s.".formatted(said, URL));
      case "28" ->
          Optional.of(
              "The database rejected the login (%s): correct QUARKUS_DATASOURCE_USERNAME and"
                      .formatted(said)
                  + " QUARKUS_DATASOURCE_PASSWORD.");
      case "53" ->
          Optional.of(
              "The database has no room for another connection (%s): raise its max_connections, or"
                      .formatted(said)
                  + " lower QUARKUS_DATASOURCE_JDBC_MAX_SIZE.");
      default ->
          state.equals("42501")
              ? Optional.of(
                  "The database's user lacks a right that a start needs (%s): grant it, or name another"
                          .formatted(said)
                      + " in QUARKUS_DATASOURCE_USERNAME.")
              : Optional.empty();
    };
  }

  private static Optional<String> migration(FlywayException problem) {
    String said = brief(problem);
    if (said.startsWith("Found non-empty schema")) {
      return Optional.of(
          "The database has tables that are not Errand's: name an empty database in %s."
              .formatted(URL));
    }
    return said.startsWith("Validate failed")
        ? Optional.of(
            ("The database's schema is from a build that this one can't upgrade (%s): start"
                    + " that build, or name another database in %s.")
                .formatted(words(problem).strip().replaceAll("\\s+", " "), URL))
        : Optional.empty();
  }

  private static Optional<String> address(List<Throwable> chain) {
    Throwable root = chain.getLast();
    if (!(root instanceof SocketException
        || root instanceof UnknownHostException
        || root instanceof UnresolvedAddressException)) {
      return Optional.empty();
    }
    // The framework distinguishes the two only by the message.
    boolean isOfManagement =
        chain.stream().anyMatch(problem -> words(problem).contains("management interface"));
    return Optional.of(ServicePort.unusable(isOfManagement, brief(root)));
  }

  private static <T> Optional<T> first(List<Throwable> chain, Class<T> type) {
    return chain.stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  private static List<Throwable> chain(Throwable problem) {
    List<Throwable> chain = new ArrayList<>();
    for (@Nullable Throwable t = problem; t != null && !chain.contains(t); t = t.getCause()) {
      chain.add(t);
    }
    return chain;
  }

  private static String stack(Throwable problem) {
    StringWriter stack = new StringWriter();
    problem.printStackTrace(new PrintWriter(stack));
    return stack.toString();
  }

  // The driver appends its own advice, and the framework lines of details.
  private static String brief(Throwable problem) {
    String start = words(problem).strip().split("\\R|\\. ", 2)[0];
    return start.endsWith(".") ? start.substring(0, start.length() - 1) : start;
  }

  private static String sentence(Throwable problem) {
    String text = words(problem);
    return text.endsWith(".") ? text : text + ".";
  }

  private static String words(Throwable problem) {
    return Objects.requireNonNullElseGet(problem.getMessage(), () -> problem.getClass().getName());
  }
}
