package dev.errand.identity.profile;

import dev.errand.base.http.Precondition;
import dev.errand.identity.account.Caller;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Pauses profiles: no run is started in a paused one, and runs that were started continue. */
@ApplicationScoped
public class PauseService {
  private final ProfileAccess access;
  private final ProfileStore profiles;
  private final Clock clock;
  private final Audit audit;
  private final Precondition precondition;

  PauseService(
      ProfileAccess access,
      ProfileStore profiles,
      Clock clock,
      Audit audit,
      Precondition precondition) {
    this.access = access;
    this.profiles = profiles;
    this.clock = clock;
    this.audit = audit;
    this.precondition = precondition;
  }

  /** Whether the profile is paused. */
  public PauseView get(Caller caller, ProfileSlug profile) {
    return PauseView.of(access.require(caller, profile, Right.SEE).pausedAt());
  }

  /** Pauses the profile; one that is already paused keeps its time. */
  @Transactional
  public PauseView pause(Caller caller, ProfileSlug slug) {
    Profile profile = access.require(caller, slug, Right.EDIT);
    check(profile);
    Instant since = profiles.pause(profile, clock.instant());
    return recorded(caller, AuditAction.PROFILE_PAUSED, profile, since);
  }

  /** Lets runs be started again. */
  @Transactional
  public PauseView resume(Caller caller, ProfileSlug slug) {
    Profile profile = access.require(caller, slug, Right.EDIT);
    check(profile);
    profiles.resume(profile);
    return recorded(caller, AuditAction.PROFILE_RESUMED, profile, null);
  }

  private void check(Profile profile) {
    profiles.lock(profile);
    precondition.check(PauseView.of(profiles.require(profile.id()).pausedAt()));
  }

  private PauseView recorded(
      Caller caller, AuditAction action, Profile before, @Nullable Instant pausedAt) {
    PauseView after = PauseView.of(pausedAt);
    audit.record(
        caller, action, "profiles/" + before.slug(), PauseView.of(before.pausedAt()), after);
    return after;
  }
}
