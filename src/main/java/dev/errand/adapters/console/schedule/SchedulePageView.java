package dev.errand.adapters.console.schedule;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page of a schedule.
 *
 * @param task the name of its task
 * @param taskAddress the page of its task
 * @param parameters the parameters of its runs, indented; empty for none
 * @param fires its newest fires, newest first
 * @param message why an action was refused; null where none was
 */
public record SchedulePageView(
    String task,
    String taskAddress,
    String address,
    ScheduleFacts facts,
    String parameters,
    List<FireLine> fires,
    @Nullable String message) {}
