/**
 * Schedules: their API, their storage, and the tick that fires those that are due.
 *
 * <p>A tick looks for those with a time that has come; to fire is to decide such a time, by a run
 * or a reason for none. {@link dev.errand.automation.schedule.ScheduleTicker} gives the tick its
 * bounds and transactions, {@link dev.errand.automation.schedule.ScheduleFiring} fires the
 * schedules of one transaction, {@link dev.errand.automation.schedule.FirePlan} chooses which of
 * the times start a run, and {@link dev.errand.automation.schedule.ScheduleFailures} counts what
 * failed and pauses a schedule that failed too often. {@code ManualStarts} starts a run without a
 * fire.
 */
@NullMarked
package dev.errand.automation.schedule;

import org.jspecify.annotations.NullMarked;
