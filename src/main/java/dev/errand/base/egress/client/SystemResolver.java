package dev.errand.base.egress.client;

import io.quarkus.arc.DefaultBean;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** The resolver of the platform, which honours hosts files and search domains. */
@DefaultBean
@Singleton
final class SystemResolver implements HostResolver {
  @Override
  public List<InetAddress> resolve(String name) throws UnknownHostException {
    return List.of(InetAddress.getAllByName(name));
  }
}
