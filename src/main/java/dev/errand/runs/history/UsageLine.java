package dev.errand.runs.history;

import java.time.LocalDate;

/**
 * The usage of a task's runs that ended on a day.
 *
 * @param day the day, in UTC
 * @param deleted whether the task was deleted; its name may be another task's now
 */
public record UsageLine(LocalDate day, String task, boolean deleted, UsageSum used) {}
