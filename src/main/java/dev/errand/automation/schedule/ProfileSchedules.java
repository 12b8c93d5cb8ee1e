package dev.errand.automation.schedule;

import dev.errand.automation.schedule.ScheduleReader.FireDetails;
import dev.errand.automation.schedule.ScheduleReader.ScheduleDetails;
import dev.errand.automation.schedule.ScheduleRows.OfTask;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.limit.FittingItems;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Lists the schedules of all tasks of a profile, and which fire next. */
@ApplicationScoped
public class ProfileSchedules {
  private final ProfileAccess access;
  private final ScheduleRows rows;
  private final ScheduleReader reader;
  private final FittingItems memory;

  ProfileSchedules(
      ProfileAccess access, ScheduleRows rows, ScheduleReader reader, FittingItems memory) {
    this.memory = memory;
    this.access = access;
    this.rows = rows;
    this.reader = reader;
  }

  /**
   * A schedule in the list of a profile.
   *
   * @param last its newest fire with the outcome of its run; null where there is none
   */
  public record ListedSchedule(String task, ScheduleDetails details, @Nullable FireDetails last) {}

  /**
   * Some of the profile's schedules, by the names of task and schedule.
   *
   * @param task the name of the task of the schedule that they follow; empty for the first ones
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}
   */
  public List<ListedSchedule> list(
      Caller caller, ProfileSlug slug, String task, String after, int most) {
    Profile profile = access.requireForList(caller, slug, Right.SEE);
    memory.hold(caller.username(), rows.sizeOfProfile(profile.id(), task, after, most));
    return QuarkusTransaction.joiningExisting()
        .call(
            () ->
                listed(
                    rows.ofProfile(profile.id(), task, after, most).stream()
                        .filter(of -> ProfileAccess.coversTask(caller, profile, slug, of.task()))
                        .toList()));
  }

  private List<ListedSchedule> listed(List<OfTask> found) {
    List<Schedule> schedules = found.stream().map(OfTask::schedule).toList();
    List<ScheduleDetails> details = reader.details(schedules);
    List<DecidedFire> fires = details.stream().flatMap(of -> of.lastFire().stream()).toList();
    Map<UUID, FireDetails> last =
        reader
            .details(
                fires, schedules.stream().collect(Collectors.toMap(Schedule::id, Schedule::taskId)))
            .stream()
            .collect(Collectors.toMap(of -> of.fire().scheduleId(), Function.identity()));
    List<ListedSchedule> listed = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      listed.add(
          new ListedSchedule(found.get(i).task(), details.get(i), last.get(schedules.get(i).id())));
    }
    return listed;
  }

  /**
   * The schedules that paused themselves, those of late first, and then those whose last run
   * failed.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}
   */
  @Transactional
  public List<OfTask> troubled(Caller caller, ProfileSlug slug, int most) {
    Profile profile = access.requireForList(caller, slug, Right.SEE);
    return rows.troubled(profile.id(), most).stream()
        .filter(of -> ProfileAccess.coversTask(caller, profile, slug, of.task()))
        .toList();
  }

  /**
   * The next fire of each active schedule, the earliest first.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}
   */
  @Transactional
  public List<ScheduleRows.Coming> coming(Caller caller, ProfileSlug slug, int most) {
    Profile profile = access.requireForList(caller, slug, Right.SEE);
    return rows.coming(profile.id(), most).stream()
        .filter(fire -> ProfileAccess.coversTask(caller, profile, slug, fire.task()))
        .toList();
  }
}
