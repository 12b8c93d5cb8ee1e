package dev.errand.tools.port;

import dev.errand.base.turn.WorkOwner;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A tool of an installation with the permissions and settings that apply to one call.
 *
 * @param config the settings of the installation in the clear
 * @param remedy says how it gets what it lacks
 */
public record PermittedTool(
    UUID installationId,
    String profileOwner,
    String address,
    String name,
    String shownName,
    List<String> domains,
    Map<String, String> config,
    Remedy remedy) {
  public PermittedTool {
    domains = List.copyOf(domains);
    config = Map.copyOf(config);
  }

  /** By whom its calls are shared fairly: the owner of the profile, whoever calls it. */
  public WorkOwner owner(UUID profileId) {
    return new WorkOwner(profileOwner, profileId.toString(), installationId.toString());
  }

  /** Counts the settings, whose values are secret. */
  @Override
  public String toString() {
    return "PermittedTool[" + shownName + ", config=" + config.size() + " settings]";
  }
}
