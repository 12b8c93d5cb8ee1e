package dev.errand.tools.install.need;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.egress.address.HostNotation;
import dev.errand.base.error.NearName;
import dev.errand.base.http.ApiCommand;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a servlet says that it needs, beside what an installation of it has.
 *
 * @param profile the profile's name
 * @param installation the installation's name
 * @param requiredDomains the hosts that the servlet calls; empty where the reader may not know
 * @param requiredConfig the keys of the settings that it reads; empty likewise
 * @param domains the hosts that are granted
 * @param configKeys the keys of the settings that have a value
 */
public record Needs(
    String profile,
    String installation,
    List<String> requiredDomains,
    List<String> requiredConfig,
    List<String> domains,
    Collection<String> configKeys) {
  /** What stands in a printed command for a value that the reader has to write. */
  public static final String PLACEHOLDER = "YOUR_VALUE_HERE";

  private static final String CONFIG = "config";

  /** What is lacking, and settings that the servlet does not read. */
  public List<Warning> warnings() {
    List<Warning> warnings = new ArrayList<>();
    List<String> missing =
        requiredConfig.stream().filter(key -> !configKeys.contains(key)).toList();
    if (!missing.isEmpty()) {
      warnings.add(new Warning("config_missing", "The servlet reads " + unset(missing)));
    }
    List<String> closed =
        requiredDomains.stream().filter(host -> !HostNotation.covers(domains, host)).toList();
    if (!closed.isEmpty()) {
      warnings.add(
          new Warning(
              "domains_not_granted",
              "The servlet calls %s, which the installation may not. Grant it: %s"
                  .formatted(quoted(closed), grant(closed))));
    }
    // A servlet that names no settings may read any.
    if (!requiredConfig.isEmpty()) {
      configKeys.stream()
          .filter(key -> !requiredConfig.contains(key))
          .map(key -> unknown(key, missing))
          .forEach(warnings::add);
    }
    return List.copyOf(warnings);
  }

  /** A sentence that says how a host is granted that was refused. */
  public String ofHost(Reader reader, String host) {
    return switch (reader) {
      case PERSON -> "Grant it: " + grant(List.of(host));
      case MODEL -> "The user can grant it to the installation \"" + installation + "\".";
    };
  }

  /** A sentence that says how settings are set that a call asked for and that have no value. */
  public String ofSettings(Reader reader, List<String> keys) {
    return switch (reader) {
      case PERSON -> "The tool asked for " + unset(keys);
      case MODEL ->
          "The user can set %s of the installation \"%s\", which %s no value."
              .formatted(settings(keys), installation, keys.size() == 1 ? "has" : "have");
    };
  }

  /** Whether the servlet may read a setting, as far as is known. */
  public boolean mayRead(String key) {
    return requiredConfig.isEmpty() || requiredConfig.contains(key);
  }

  private String unset(List<String> keys) {
    ObjectNode body = body();
    keys.forEach(key -> body.withObject("/settings/" + CONFIG).put(key, PLACEHOLDER));
    return "%s, which %s no value%s. Set %s: %s"
        .formatted(
            settings(keys),
            keys.size() == 1 ? "has" : "have",
            keys.size() == 1 ? "" : "s",
            keys.size() == 1 ? "it" : "them",
            patch(body));
  }

  private Warning unknown(String key, List<String> missing) {
    ObjectNode body = body();
    body.withObject("/settings/" + CONFIG).putNull(key);
    return new Warning(
        "config_unknown",
        "The servlet does not say that it reads the setting \"%s\"%s Remove it: %s"
            .formatted(
                key,
                NearName.of(key, missing).map("; did you mean \"%s\"?"::formatted).orElse("."),
                patch(body)));
  }

  /** A command that grants hosts; the list of a request is all of the list. */
  private String grant(List<String> hosts) {
    ObjectNode body = body();
    Stream.concat(domains.stream(), hosts.stream())
        .distinct()
        .forEach(body.withObject("/settings/permissions/network").withArray("/domains")::add);
    return patch(body);
  }

  private String patch(ObjectNode body) {
    return ApiCommand.of(
        "PATCH", "/api/profiles/~/" + profile + "/installations/" + installation, body.toString());
  }

  private static ObjectNode body() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static String settings(List<String> keys) {
    return (keys.size() == 1 ? "the setting " : "the settings ") + quoted(keys);
  }

  private static String quoted(List<String> names) {
    return String.join(", ", names.stream().map(name -> "\"" + name + "\"").toList());
  }
}
