package dev.errand.tools.install;

import dev.errand.base.database.Sql;
import dev.errand.tools.port.InstallationGone;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** Counts how often it is said that tools of an installation can't be called any more. */
@ApplicationScoped
class GoneInstallations {
  private final List<UUID> gone = new CopyOnWriteArrayList<>();

  void on(@Observes InstallationGone event) {
    if (!Sql.isInTransaction()) {
      throw new IllegalStateException("It is not said in a transaction.");
    }
    gone.add(event.installationId());
  }

  long count(UUID installationId) {
    return gone.stream().filter(installationId::equals).count();
  }
}
