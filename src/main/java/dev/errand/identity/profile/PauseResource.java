package dev.errand.identity.profile;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/**
 * Pauses a profile: requests, schedules and webhooks start no runs. Runs that were started
 * continue.
 */
@Path("/api/profiles/{user}/{profile}/pause")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class PauseResource {
  private final ProfileAccess access;
  private final EntityManager entities;
  private final Clock clock;

  PauseResource(ProfileAccess access, EntityManager entities, Clock clock) {
    this.access = access;
    this.entities = entities;
    this.clock = clock;
  }

  /** Whether the profile is paused. */
  @GET
  public PauseView get(@RestPath String user, @RestPath String profile) {
    return PauseView.of(access.own(user, profile));
  }

  /** Pauses the profile; if it is paused, nothing changes. */
  @PUT
  @Consumes(MediaType.WILDCARD)
  @Transactional
  public PauseView pause(@RestPath String user, @RestPath String profile) {
    Profile own = access.own(user, profile);
    if (own.pausedAt == null) {
      own.pausedAt = clock.instant().truncatedTo(ChronoUnit.MILLIS);
      entities.flush();
    }
    return PauseView.of(own);
  }

  /** Ends the pause. */
  @DELETE
  @Transactional
  public void goOn(@RestPath String user, @RestPath String profile) {
    access.own(user, profile).pausedAt = null;
  }

  /**
   * Whether a profile is paused.
   *
   * @param paused whether it is
   * @param pausedAt since when
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record PauseView(boolean paused, @Nullable Instant pausedAt) {
    static PauseView of(Profile profile) {
      return new PauseView(profile.pausedAt != null, profile.pausedAt);
    }
  }
}
