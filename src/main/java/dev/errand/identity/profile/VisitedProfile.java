package dev.errand.identity.profile;

import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.ProfileAccess.Seen;
import io.quarkus.arc.Arc;
import jakarta.enterprise.context.RequestScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The profile that the current request is about, as it was read first. The operations that the
 * request calls then check the caller's rights on it, and do not read it again.
 */
@RequestScoped
class VisitedProfile {
  // A request may last long, and rights may change meanwhile.
  private static final long FRESH = Duration.ofSeconds(1).toNanos();

  private @Nullable Visited visited;

  private record Visited(UUID callerId, ProfileSlug slug, Seen seen, long at) {}

  /** Whether there is a request. */
  static boolean isPossible() {
    return Arc.container().requestContext().isActive();
  }

  void keep(Caller caller, Seen seen) {
    visited = new Visited(caller.id(), seen.profile().slug(), seen, System.nanoTime());
  }

  Optional<Seen> of(Caller caller, ProfileSlug slug) {
    Visited known = visited;
    return known != null
            && known.callerId.equals(caller.id())
            && known.slug.name().equals(slug.name())
            && known.slug.user().equals(caller.nameOf(slug.user()))
            && System.nanoTime() - known.at < FRESH
        ? Optional.of(known.seen)
        : Optional.empty();
  }
}
