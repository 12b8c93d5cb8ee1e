package dev.errand.base.egress.client;

import io.quarkus.arc.DefaultBean;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** The platform's own resolver, so that hosts files and search domains count as everywhere. */
@DefaultBean
@Singleton
final class SystemResolver implements HostResolver {

  @Override
  public List<InetAddress> resolve(String name) throws UnknownHostException {
    return List.of(InetAddress.getAllByName(name));
  }
}
