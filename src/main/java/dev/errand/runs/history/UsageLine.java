package dev.errand.runs.history;

import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Column;
import java.time.LocalDate;

/**
 * The usage of a task's runs that ended on a day.
 *
 * @param day the day, in UTC
 * @param deleted whether the task was deleted; its name may be another task's now
 */
@RegisterForReflection
public record UsageLine(
    LocalDate day, @Column(name = "name") String task, boolean deleted, UsageSum used) {}
