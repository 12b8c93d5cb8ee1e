package dev.errand.support;

import static java.util.Map.entry;

import java.util.Map;

/** A service that lets nobody have much, parses little at a time, and holds few connections. */
public final class SmallLimits implements Settings {
  public static final int MOST = 5;
  public static final int CLIENTS = 40;
  public static final int CONNECTIONS = 100;

  @Override
  public Map<String, String> start() {
    String most = Integer.toString(MOST);
    return Map.ofEntries(
        entry("errand.task.per-profile", most),
        entry("errand.installation.per-profile", most),
        entry("errand.trigger.per-task", most),
        entry("errand.schedule.per-task", most),
        entry("errand.registry.servlets-per-user", most),
        entry("errand.registry.versions-per-servlet", most),
        entry("errand.oauth.grants-per-user", most),
        entry("errand.oauth.registrations-per-minute", most),
        entry("errand.oauth.registered-clients", Integer.toString(CLIENTS)),
        entry("errand.http.max-connections", Integer.toString(CONNECTIONS)),
        entry("errand.memory.parse-budget", "24M"),
        entry("errand.memory.parse-wait", "PT0.05S"));
  }
}
