package dev.errand.app.boot;

import dev.errand.base.background.WorkMode;
import dev.errand.base.http.PublicUrl;
import dev.errand.identity.page.SetUpPageResource;
import dev.errand.identity.user.SetUpService;
import dev.errand.runs.worker.WorkerConfig;
import io.quarkus.runtime.LaunchMode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Prints a link by which the first person sets the service up. A function in request mode has no
 * start that anybody watches, and who sets a session for the first start needs no link.
 */
@ApplicationScoped
class SetUpOffer {
  private static final Logger LOG = Logger.getLogger("dev.errand");

  private final SetUpService setUp;
  private final PublicUrl url;
  private final WorkerConfig worker;
  private final BootConfig config;
  private final int port;

  SetUpOffer(
      SetUpService setUp,
      PublicUrl url,
      WorkerConfig worker,
      BootConfig config,
      @ConfigProperty(name = "quarkus.http.port") int port) {
    this.setUp = setUp;
    this.url = url;
    this.worker = worker;
    this.config = config;
    this.port = port;
  }

  void start(@Observes ServiceStarted event) {
    if (LaunchMode.current() != LaunchMode.NORMAL) {
      return;
    }
    if (config.session().filter(token -> !token.isEmpty()).isPresent()) {
      setUp.withdraw();
    } else if (worker.mode() == WorkMode.REQUEST) {
      if (setUp.isOpen()) {
        LOG.warn(
            "Nobody can sign in: set ERRAND_BOOTSTRAP_SESSION, such as by `openssl rand -hex 32`.");
      }
    } else {
      Optional<String> code = setUp.offer();
      // To the console and not to the log, which others read.
      code.ifPresent(
          text ->
              System.out.printf(
                  "Nobody can sign in yet. Set Errand up, once and within %d minutes: %s%n",
                  SetUpService.LIFE.toMinutes(), link(text)));
    }
  }

  private String link(String code) {
    return url.resolve(
            SetUpPageResource.PATH + "?" + SetUpPageResource.CODE + "={code}",
            "http://localhost:" + port,
            code)
        .toString();
  }
}
