package dev.errand.tools.install;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Finds the remote servers of a profile that may need a person. */
@ApplicationScoped
public class TroubledServers {
  private static final Duration SOON = Duration.ofDays(1);

  private final ProfileAccess access;
  private final InstallationRows rows;
  private final InstallationService installations;
  private final Clock clock;

  TroubledServers(
      ProfileAccess access, InstallationRows rows, InstallationService installations, Clock clock) {
    this.access = access;
    this.rows = rows;
    this.installations = installations;
    this.clock = clock;
  }

  /**
   * Some of them, by name: they refuse their credentials or are not connected, have changed tools,
   * or can't be reached.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}
   */
  public List<InstallationView> of(Caller caller, ProfileSlug slug, int most) {
    UUID profileId = access.requireForList(caller, slug, Right.SEE).id();
    return rows.troubled(profileId, clock.instant().plus(SOON), most).stream()
        .map(name -> installations.find(caller, slug, name))
        .flatMap(Optional::stream)
        .toList();
  }
}
