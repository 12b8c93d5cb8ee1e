package dev.errand.runs.history;

import java.time.LocalDate;

/**
 * The usage of a task's runs that ended on a day.
 *
 * @param day the day, in UTC
 * @param task the name of the task
 * @param deleted whether the task was deleted; its name may be another task's now
 * @param used the usage
 */
public record UsageLine(LocalDate day, String task, boolean deleted, UsageSum used) {}
