package dev.errand.base.egress.client;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Looks the addresses of a host name up, blocking for as long as that takes. */
@FunctionalInterface
public interface HostResolver {
  /**
   * The addresses of a name, in the order in which they should be tried.
   *
   * @param name an ASCII host name, lower case, never an address
   */
  List<InetAddress> resolve(String name) throws UnknownHostException;
}
