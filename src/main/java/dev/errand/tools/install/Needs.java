package dev.errand.tools.install;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.egress.address.HostNotation;
import dev.errand.base.error.SpellingSuggestion;
import dev.errand.base.http.ApiCommand;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.tools.install.InstallationView.InstallationWarning;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * The hosts and settings that a servlet declares, compared with those that an installation has.
 *
 * @param requiredDomains the hosts that the servlet calls; empty where the audience may not see
 *     them
 * @param requiredConfig the keys of the settings that it reads; empty where the audience may not
 *     see them
 * @param configKeys the keys of the settings that have a value
 */
public record Needs(
    ProfileSlug profile,
    String installation,
    List<String> requiredDomains,
    List<String> requiredConfig,
    List<String> domains,
    Collection<String> configKeys) {
  /** The placeholder of a value in a printed command. */
  public static final String PLACEHOLDER = "YOUR_VALUE_HERE";

  private static final String CONFIG = "config";

  /** Warnings of missing hosts and settings, and of settings that the servlet does not declare. */
  public List<InstallationWarning> warnings() {
    List<InstallationWarning> warnings = new ArrayList<>();
    List<String> missing =
        requiredConfig.stream().filter(key -> !configKeys.contains(key)).toList();
    if (!missing.isEmpty()) {
      warnings.add(
          new InstallationWarning("config_missing", "The servlet needs " + unset(missing)));
    }
    List<String> closed =
        requiredDomains.stream().filter(host -> !HostNotation.covers(domains, host)).toList();
    if (!closed.isEmpty()) {
      warnings.add(
          new InstallationWarning(
              "domains_not_granted",
              "The servlet calls %s, which the installation does not allow. Grant it: %s"
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

  /** A sentence on how to grant a host that was refused. */
  public String ofHost(Audience audience, String host) {
    return switch (audience) {
      case PERSON -> "Grant it: " + grant(List.of(host));
      case MODEL -> "The user can grant it to the installation \"" + installation + "\".";
    };
  }

  /** A sentence on how to set settings that a call read and that have no value. */
  public String ofSettings(Audience audience, List<String> keys) {
    return switch (audience) {
      case PERSON -> "The tool needed " + unset(keys);
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

  private InstallationWarning unknown(String key, List<String> missing) {
    ObjectNode body = body();
    body.withObject("/settings/" + CONFIG).putNull(key);
    return new InstallationWarning(
        "config_unknown",
        "The servlet does not declare the setting \"%s\"%s Remove it: %s"
            .formatted(
                key,
                SpellingSuggestion.of(key, missing)
                    .map("; did you mean \"%s\"?"::formatted)
                    .orElse("."),
                patch(body)));
  }

  /** A command that grants hosts; it names the whole list, which the request replaces. */
  private String grant(List<String> hosts) {
    ObjectNode body = body();
    Stream.concat(domains.stream(), hosts.stream())
        .distinct()
        .forEach(body.withObject("/settings/permissions/network").withArray("/domains")::add);
    return patch(body);
  }

  private String patch(ObjectNode body) {
    return ApiCommand.of(
        "PATCH", "/api/profiles/" + profile + "/installations/" + installation, body.toString());
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
