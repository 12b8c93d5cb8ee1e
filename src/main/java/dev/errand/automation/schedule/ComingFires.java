package dev.errand.automation.schedule;

import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;

/** Reads which schedules of a profile fire next. */
@ApplicationScoped
public class ComingFires {
  private final ProfileAccess access;
  private final ScheduleRows rows;

  ComingFires(ProfileAccess access, ScheduleRows rows) {
    this.access = access;
    this.rows = rows;
  }

  /**
   * The next fire of each active schedule, the earliest first.
   *
   * @throws dev.errand.base.error.ApiException {@link
   *     dev.errand.base.error.ErrorCode#PROFILE_NOT_FOUND}
   */
  @Transactional
  public List<ScheduleRows.Coming> of(Caller caller, ProfileSlug slug, int most) {
    Profile profile = access.requireForList(caller, slug, Right.SEE);
    return rows.coming(profile.id(), most).stream()
        .filter(fire -> ProfileAccess.coversTask(caller, profile, slug, fire.task()))
        .toList();
  }
}
