package dev.errand.servlet.install;

import dev.errand.profile.Profile;
import dev.errand.servlet.registry.ContentAddress;
import dev.errand.servlet.registry.Registry;
import dev.errand.servlet.registry.Servlet;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import java.util.UUID;

/** Installs servlets in profiles. */
@ApplicationScoped
public class Installer {
  private final Registry registry;
  private final Clock clock;

  Installer(Registry registry, Clock clock) {
    this.registry = registry;
    this.clock = clock;
  }

  /** Installs the newest version of a servlet; what has that name is brought up to it. */
  @Transactional
  public void install(Profile profile, Servlet servlet, String name, List<String> domains) {
    ContentAddress newest =
        registry
            .newest(servlet)
            .orElseThrow(() -> new IllegalStateException(servlet.slug() + " has no version"));
    Installation installation =
        Installation.of(profile, name).orElseGet(() -> create(profile, servlet, name, domains));
    if (!installation.servlet.id.equals(servlet.id)) {
      // Somebody gave the name to a servlet of their own; that is theirs to keep.
      return;
    }
    if (!newest.hex().equals(installation.address)) {
      installation.address = newest.hex();
      installation.modifiedAt = clock.instant();
    }
    installation.persist();
  }

  private Installation create(Profile profile, Servlet servlet, String name, List<String> domains) {
    Installation installation = new Installation();
    installation.id = UUID.randomUUID();
    installation.profile = profile;
    installation.servlet = servlet;
    installation.name = name;
    installation.domains = List.copyOf(domains);
    installation.createdAt = clock.instant();
    installation.modifiedAt = installation.createdAt;
    return installation;
  }
}
