package dev.errand.automation.schedule;

import dev.errand.base.database.StorableText;
import dev.errand.base.http.Tagged;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A schedule of a task, as requests create, change and delete it. */
@Entity
@Table(name = "schedule")
public class TaskSchedule extends PanacheEntityBase {
  @Id public UUID id;
  public UUID taskId;
  public String name;
  @Embedded public ScheduleDefinition definition;
  public int depth;
  @Embedded public Schedule.State state;

  /** As {@link Schedule#dueAt()}. */
  public @Nullable Instant dueAt;

  public Instant createdAt;
  public Instant modifiedAt;

  /** As {@link Tagged#etag()}. */
  public long etag;

  static TaskSchedule of(Schedule schedule) {
    TaskSchedule created = new TaskSchedule();
    created.id = schedule.id();
    created.taskId = schedule.taskId();
    created.name = schedule.name();
    created.createdAt = schedule.createdAt();
    created.become(schedule);
    return created;
  }

  /** The schedule of that name, locked, since ticks change it, too. */
  static Optional<TaskSchedule> toChange(UUID taskId, String name) {
    if (!StorableText.is(name)) {
      return Optional.empty();
    }
    return TaskSchedule.<TaskSchedule>find("taskId = ?1 and name = ?2", taskId, name)
        .withLock(LockModeType.PESSIMISTIC_WRITE)
        .firstResultOptional();
  }

  /** Takes over what a change of the schedule may set. */
  void become(Schedule changed) {
    definition = changed.definition();
    depth = changed.depth();
    state = changed.state();
    dueAt = changed.dueAt();
    modifiedAt = changed.modifiedAt();
    etag = changed.etag();
  }

  Schedule snapshot() {
    return new Schedule(id, taskId, name, definition, depth, state, createdAt, modifiedAt, etag);
  }
}
