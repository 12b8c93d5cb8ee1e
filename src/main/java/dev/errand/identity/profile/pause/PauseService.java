package dev.errand.identity.profile.pause;

import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/** Pauses profiles: nothing starts a run in a paused one, and runs that were started go on. */
@ApplicationScoped
public class PauseService {
  private final ProfileAccess access;
  private final EntityManager entities;
  private final Clock clock;

  PauseService(ProfileAccess access, EntityManager entities, Clock clock) {
    this.access = access;
    this.entities = entities;
    this.clock = clock;
  }

  /** Whether the profile is paused. */
  @Transactional
  public PauseView get(Caller caller, ProfileSlug profile) {
    return PauseView.of(access.require(caller, profile, Right.SEE));
  }

  /** Pauses the profile; one that is paused stays so since when it was. */
  @Transactional
  public PauseView pause(Caller caller, ProfileSlug profile) {
    Profile own = access.require(caller, profile, Right.EDIT);
    if (own.pausedAt == null) {
      own.pausedAt = clock.instant().truncatedTo(ChronoUnit.MILLIS);
      entities.flush();
    }
    return PauseView.of(own);
  }

  /** Lets runs be started again. */
  @Transactional
  public PauseView resume(Caller caller, ProfileSlug profile) {
    Profile own = access.require(caller, profile, Right.EDIT);
    own.pausedAt = null;
    return PauseView.of(own);
  }
}
