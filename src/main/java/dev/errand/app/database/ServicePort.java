package dev.errand.app.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.Config;

/**
 * A port that the service is going to listen at.
 *
 * @param hasProbes whether health is here
 * @param isManagement whether it is the port of health and metrics alone
 */
public record ServicePort(InetSocketAddress address, boolean hasProbes, boolean isManagement) {
  private static final int DEFAULT = 8080;
  private static final int DEFAULT_OF_MANAGEMENT = 9000;

  /** The ports by the settings, without those of HTTPS and those that the system chooses. */
  public static List<ServicePort> of(Config config) {
    boolean isManaged = is(config, "quarkus.management.enabled");
    List<ServicePort> ports = new ArrayList<>();
    if (!text(config, "quarkus.http.insecure-requests").equalsIgnoreCase("disabled")) {
      ports.add(new ServicePort(address(config, "quarkus.http", DEFAULT), !isManaged, false));
    }
    if (isManaged) {
      ports.add(
          new ServicePort(
              address(config, "quarkus.management", DEFAULT_OF_MANAGEMENT), true, true));
    }
    ports.removeIf(port -> port.address.getPort() == 0 || !isOpened(config, port.isManagement));
    return List.copyOf(ports);
  }

  /**
   * Tries the ports, before a start does anything that another process on them would make useless.
   * A start that only updates the schema needs none.
   */
  public static void requireFree(Config config) {
    // Processes that share a port find it in use.
    if (is(config, "quarkus.init-and-exit") || is(config, "quarkus.http.so-reuse-port")) {
      return;
    }
    requireFree(of(config));
  }

  private static void requireFree(List<ServicePort> ports) {
    List<ServicePort> tried = new ArrayList<>();
    for (ServicePort port : ports) {
      if (tried.stream().anyMatch(port::overlaps)) {
        throw new StartException(unusable(port.isManagement, "the API has the same port"));
      }
      tried.add(port);
      // A socket that listened for a moment would accept connections, and reset them.
      try (Socket socket = new Socket()) {
        // As the server does, past connections of an earlier process that the system still keeps.
        socket.setReuseAddress(true);
        socket.bind(port.address);
      } catch (IOException e) {
        throw new StartException(unusable(port.isManagement, String.valueOf(e.getMessage())), e);
      }
    }
  }

  private boolean overlaps(ServicePort other) {
    return address.getPort() == other.address.getPort()
        && (isEverywhere() || other.isEverywhere() || address.equals(other.address));
  }

  private boolean isEverywhere() {
    InetAddress host = address.getAddress();
    return host != null && host.isAnyLocalAddress();
  }

  /** The sentence about a port that can't be used. */
  public static String unusable(boolean isManagement, String reason) {
    return isManagement
        ? ("The address of health and metrics can't be used (%s): choose another port in"
                + " QUARKUS_MANAGEMENT_PORT, or an address of this machine in"
                + " QUARKUS_MANAGEMENT_HOST.")
            .formatted(reason)
        : ("The service's own address can't be used (%s): choose another port in"
                + " QUARKUS_HTTP_PORT, or an address of this machine in QUARKUS_HTTP_HOST.")
            .formatted(reason);
  }

  private static InetSocketAddress address(Config config, String prefix, int port) {
    return new InetSocketAddress(
        config.getOptionalValue(prefix + ".host", String.class).orElse("0.0.0.0"),
        config.getOptionalValue(prefix + ".port", Integer.class).orElse(port));
  }

  private static boolean isOpened(Config config, boolean isManagement) {
    return config
        .getOptionalValue(
            (isManagement ? "quarkus.management" : "quarkus.http") + ".host-enabled", Boolean.class)
        .orElse(true);
  }

  private static String text(Config config, String setting) {
    return config.getOptionalValue(setting, String.class).orElse("");
  }

  private static boolean is(Config config, String setting) {
    return config.getOptionalValue(setting, Boolean.class).orElse(false);
  }
}
