package dev.errand.adapters.console.schedule;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the page of a schedule shows.
 *
 * @param task the name of its task
 * @param taskAddress the page of its task
 * @param address its own page
 * @param facts what it is
 * @param parameters what its runs are given, indented; empty for nothing
 * @param fires its newest fires, newest first
 * @param message why something was refused; null where nothing was
 */
public record SchedulePageView(
    String task,
    String taskAddress,
    String address,
    ScheduleFacts facts,
    String parameters,
    List<FireLine> fires,
    @Nullable String message) {}
