package dev.errand.adapters.console.tool;

import dev.errand.base.egress.address.HostNotation;
import dev.errand.tools.install.InstallationView;
import dev.errand.tools.servlet.registry.ServletSummary.Requirements;
import java.util.ArrayList;
import java.util.List;

/** Lists what an installation of a servlet is probably missing, for its page. */
final class MissingNeeds {
  private static final String ANY = "*";

  private MissingNeeds() {}

  /** The sentences; none where nothing is missing. */
  static List<String> of(InstallationView installation) {
    Requirements needs = installation.servlet().meta().requirements();
    List<String> granted = installation.settings().permissions().network().domains();
    List<String> lacks = new ArrayList<>();
    needs.config().stream()
        .filter(key -> !isSet(installation, key))
        .forEach(
            key -> lacks.add("The servlet needs the setting " + key + ", which has no value."));
    for (String host : needs.domains()) {
      // A servlet that declares any host: the granted ones were chosen by the user.
      boolean isChosen = host.equals(ANY) && !granted.isEmpty();
      if (!isChosen && !HostNotation.covers(granted, host)) {
        lacks.add(
            "The servlet calls %s, which is not allowed."
                .formatted(host.equals(ANY) ? "any host" : host));
      }
    }
    if (!needs.config().isEmpty()) {
      installation.settings().config().keySet().stream()
          .filter(key -> !needs.config().contains(key))
          .forEach(key -> lacks.add("The servlet does not declare the setting " + key + "."));
    }
    return lacks;
  }

  /** Whether a setting has a value. */
  static boolean isSet(InstallationView installation, String key) {
    return "set".equals(installation.settings().config().get(key));
  }
}
