package dev.errand.identity.profile.pause;

import dev.errand.identity.account.Caller;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/** Pauses profiles: no run is started in a paused one, and runs that were started continue. */
@ApplicationScoped
public class PauseService {
  private final ProfileAccess access;
  private final EntityManager entities;
  private final Clock clock;
  private final Audit audit;

  PauseService(ProfileAccess access, EntityManager entities, Clock clock, Audit audit) {
    this.access = access;
    this.entities = entities;
    this.clock = clock;
    this.audit = audit;
  }

  /** Whether the profile is paused. */
  @Transactional
  public PauseView get(Caller caller, ProfileSlug profile) {
    return PauseView.of(access.require(caller, profile, Right.SEE));
  }

  /** Pauses the profile; one that is already paused keeps its time. */
  @Transactional
  public PauseView pause(Caller caller, ProfileSlug profile) {
    Profile own = access.require(caller, profile, Right.EDIT);
    PauseView before = PauseView.of(own);
    if (own.pausedAt == null) {
      own.pausedAt = clock.instant().truncatedTo(ChronoUnit.MILLIS);
      entities.flush();
    }
    return recorded(caller, AuditAction.PROFILE_PAUSED, own, before);
  }

  /** Lets runs be started again. */
  @Transactional
  public PauseView resume(Caller caller, ProfileSlug profile) {
    Profile own = access.require(caller, profile, Right.EDIT);
    PauseView before = PauseView.of(own);
    own.pausedAt = null;
    return recorded(caller, AuditAction.PROFILE_RESUMED, own, before);
  }

  private PauseView recorded(Caller caller, AuditAction action, Profile profile, PauseView before) {
    PauseView after = PauseView.of(profile);
    audit.record(caller, action, "profiles/" + profile.slug(), before, after);
    return after;
  }
}
