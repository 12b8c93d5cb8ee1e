package dev.errand.app.boot;

import dev.errand.app.database.StartException;
import dev.errand.base.http.HttpAddress;
import io.smallrye.config.ConfigValidationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;

/** Finds invalid settings and names the environment variable of each. */
final class WrongSetting {
  private static final Pattern PROPERTY =
      Pattern.compile("(?<![\\w./-])(?:errand|quarkus)(?:\\.[a-z][a-z0-9-]*)+");
  // The messages of the configuration library, which offers the reason in no other form.
  private static final Pattern UNREADABLE =
      Pattern.compile("SRCFG000(?:39|40|41): The config property (\\S+) (.*)", Pattern.DOTALL);
  private static final Pattern MISSING =
      Pattern.compile("SRCFG00014: The config property (\\S+) is required");
  // The messages of our converters, after the value, which may be any text.
  private static final Pattern BOUND =
      Pattern.compile(
          "must be (true or false|a whole number|a number|[0-9]+ or (?:more|less)|more than 0"
              + "|group=user/profile:role, with [a-z, ]+)$");
  private static final Pattern UNKNOWN_VALUE =
      Pattern.compile("SRCFG00049: .*allowed values: (\\S+)", Pattern.DOTALL);
  private static final Set<String> OTLP_PROTOCOLS = Set.of("grpc", "http/protobuf");
  private static final int LARGEST_PORT = 65_535;

  private static final int LEAST_CONNECTIONS = 4;

  private WrongSetting() {}

  /** Checks values that the framework would accept and later fail on without naming the setting. */
  static void check(Config config, boolean isTraced) {
    for (String port : List.of("quarkus.http.port", "quarkus.management.port")) {
      value(config, port)
          .filter(text -> text.matches("-?[0-9]+"))
          .filter(text -> text.length() > 9 || !isPort(Integer.parseInt(text)))
          .ifPresent(
              text -> {
                throw new StartException(port + " must be a port from 0 to " + LARGEST_PORT + ".");
              });
    }
    value(config, "quarkus.datasource.jdbc.url")
        .filter(text -> !text.startsWith("jdbc:postgresql:"))
        .ifPresent(
            text -> {
              // It may hold a password, so it isn't repeated.
              throw new StartException(
                  "quarkus.datasource.jdbc.url must be an address such as"
                      + " jdbc:postgresql://host:5432/errand.");
            });
    if (StartPreparation.hasPeriodicJobs(config)) {
      checkConnections(config);
    }
    if (isTraced) {
      checkTraces(config);
    }
  }

  // With fewer, the pool is empty before the process is ready, which looks like a database that is
  // away.
  private static void checkConnections(Config config) {
    String size = "quarkus.datasource.jdbc.max-size";
    value(config, size)
        .filter(text -> text.matches("[0-9]{1,9}"))
        .filter(text -> Integer.parseInt(text) < LEAST_CONNECTIONS)
        .ifPresent(
            text -> {
              throw new StartException(size + " must be " + LEAST_CONNECTIONS + " or more.");
            });
  }

  private static void checkTraces(Config config) {
    for (String prefix : List.of("", "quarkus.")) {
      for (String signal : List.of("", "traces.")) {
        String exporter = prefix + "otel.exporter.otlp." + signal;
        value(config, exporter + "protocol")
            .filter(Predicate.not(OTLP_PROTOCOLS::contains))
            .ifPresent(
                text -> {
                  throw new StartException(
                      variable(exporter + "protocol") + " must be grpc or http/protobuf.");
                });
        value(config, exporter + "endpoint")
            .filter(text -> HttpAddress.parse(text).isEmpty())
            .ifPresent(
                text -> {
                  throw new StartException(
                      variable(exporter + "endpoint")
                          + " must be an address such as http://collector:4317.");
                });
      }
    }
  }

  /** Describes which settings can't be read and what they must be, if that caused a failure. */
  static Optional<String> describe(Throwable problem) {
    List<String> messages = new ArrayList<>();
    if (problem instanceof ConfigValidationException several) {
      for (int i = 0; i < several.getProblemCount(); i++) {
        messages.add(several.getProblem(i).getMessage());
      }
    } else if (problem.getMessage() != null) {
      messages.add(problem.getMessage());
    }
    for (Throwable beside : problem.getSuppressed()) {
      messages.add(String.valueOf(beside.getMessage()));
    }
    List<Wrong> wrong = messages.stream().flatMap(text -> wrong(text).stream()).toList();
    // One setting may be the default of another; the one that was set is the one to correct.
    List<Wrong> set = wrong.stream().filter(Wrong::isSet).toList();
    return (set.isEmpty() ? wrong : set)
        .stream().map(Wrong::sentence).distinct().reduce((one, other) -> one + " " + other);
  }

  /** A sentence with the environment variable behind each property that it names without it. */
  static String named(String sentence) {
    return PROPERTY
        .matcher(sentence)
        .replaceAll(
            found -> {
              String variable = variable(found.group());
              return Matcher.quoteReplacement(
                  sentence.contains(variable)
                      ? found.group()
                      : found.group() + " (" + variable + ")");
            });
  }

  private static Optional<Wrong> wrong(String text) {
    Matcher missing = MISSING.matcher(text);
    if (missing.find()) {
      return Optional.of(new Wrong(missing.group(1), "is missing: set it, too."));
    }
    Matcher unreadable = UNREADABLE.matcher(text);
    return unreadable.find()
        ? Optional.of(
            new Wrong(unreadable.group(1), "must be " + expected(unreadable.group(2)) + "."))
        : Optional.empty();
  }

  private static String expected(String complaint) {
    Matcher oneOf = UNKNOWN_VALUE.matcher(complaint);
    if (oneOf.find()) {
      return "one of " + oneOf.group(1).replace(",", ", ");
    }
    Matcher bound = BOUND.matcher(complaint);
    if (bound.find()) {
      return bound.group(1);
    }
    if (complaint.contains("SRCFG00029") || complaint.contains("SRCFG00030")) {
      return "a whole number";
    }
    if (complaint.contains("SRCFG00031") || complaint.contains("SRCFG00032")) {
      return "a number";
    }
    if (complaint.contains("Invalid duration") || complaint.contains("java.time.Duration")) {
      return "a duration such as 30S, 5M or PT1H30M";
    }
    if (complaint.contains("not in correct format")) {
      return "a size such as 512K, 8M or 1G";
    }
    if (complaint.contains("SRCFG00034") || complaint.contains("Illegal character in")) {
      return "an address such as https://host.example.com";
    }
    return "a value of the type that the documentation names";
  }

  private static Optional<String> value(Config config, String name) {
    return config.getOptionalValue(name, String.class).map(String::strip).filter(t -> !t.isEmpty());
  }

  private static boolean isPort(int port) {
    return port >= 0 && port <= LARGEST_PORT;
  }

  private static String variable(String property) {
    return property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
  }

  /** A setting that can't be used. */
  private record Wrong(String property, String remedy) {
    boolean isSet() {
      return System.getenv(variable(property)) != null || System.getProperty(property) != null;
    }

    String sentence() {
      return variable(property) + " " + remedy;
    }
  }
}
