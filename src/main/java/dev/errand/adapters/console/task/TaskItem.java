package dev.errand.adapters.console.task;

import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.RunLine;
import dev.errand.runs.task.TaskView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task in the list of a profile.
 *
 * @param last its newest run; null where it has none
 * @param month the outcomes of its runs that ended in the last 30 days; empty where none did
 * @param next when a schedule starts it next; null for never
 * @param missed what its watch misses, sentences
 */
public record TaskItem(
    TaskView task,
    String address,
    @Nullable RunLine last,
    String month,
    @Nullable PageTime next,
    List<String> missed) {}
