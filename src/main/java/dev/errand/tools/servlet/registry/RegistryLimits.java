package dev.errand.tools.servlet.registry;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.tools.servlet.module.ContentAddress;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The limits of the registry: servlets of a user, and versions of each. */
@ApplicationScoped
class RegistryLimits {
  private final ServletVersions versions;
  private final int servletsPerUser;
  private final int versionsPerServlet;

  RegistryLimits(
      ServletVersions versions,
      @ConfigProperty(name = "errand.registry.servlets-per-user", defaultValue = "1000")
          int servletsPerUser,
      @ConfigProperty(name = "errand.registry.versions-per-servlet", defaultValue = "1000")
          int versionsPerServlet) {
    this.versions = versions;
    this.servletsPerUser = servletsPerUser;
    this.versionsPerServlet = versionsPerServlet;
  }

  /**
   * Checks that an owner may publish bytes. Bundled servlets have no limit.
   *
   * @throws ApiException {@link ErrorCode#TOO_MANY_SERVLETS} or {@link ErrorCode#TOO_MANY_VERSIONS}
   */
  @Transactional
  void check(String owner, Optional<Servlet> known, ContentAddress address) {
    if (owner.equals(Servlet.BUNDLED)) {
      return;
    }
    if (known.isEmpty()) {
      if (Servlet.count("owner", owner) >= servletsPerUser) {
        throw new ApiException(
            ErrorCode.TOO_MANY_SERVLETS,
            "%s has published %s servlets, the limit set by errand.registry.servlets-per-user: publish a version of one of them, or ask the operator to raise it."
                .formatted(owner, servletsPerUser));
      }
    } else if (versions.count(known.get().id) >= versionsPerServlet
        && !versions.has(known.get().id, address)) {
      throw new ApiException(
          ErrorCode.TOO_MANY_VERSIONS,
          "%s has %s versions, the limit set by errand.registry.versions-per-servlet: publish under another name, or ask the operator to raise it."
              .formatted(known.get().slug(), versionsPerServlet));
    }
  }
}
