package dev.errand.app.demo;

import dev.errand.adapters.console.profile.FirstRun;
import dev.errand.identity.account.User;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileSlug;
import io.quarkus.arc.profile.IfBuildProfile;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Offers a run of the demo task, with the demo page, in the profile that has the task. */
@IfBuildProfile("dev")
@ApplicationScoped
class DemoOffer implements FirstRun {
  private static final ProfileSlug PROFILE = new ProfileSlug(User.ADMIN, Profile.DEFAULT);

  private final int port;

  DemoOffer(@ConfigProperty(name = "quarkus.http.port") int port) {
    this.port = port;
  }

  @Override
  public Optional<Offer> in(ProfileSlug profile) {
    return profile.equals(PROFILE)
        ? Optional.of(
            new Offer(DemoStart.TASK, Map.of("url", "http://localhost:" + port + "/demo/page")))
        : Optional.empty();
  }
}
