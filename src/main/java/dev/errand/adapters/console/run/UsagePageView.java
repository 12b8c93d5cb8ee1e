package dev.errand.adapters.console.run;

import dev.errand.adapters.console.page.Choice;
import dev.errand.runs.history.UsageSum;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page with the usage of a profile.
 *
 * @param from the first day, as the form shows it
 * @param to the last day
 * @param tasks the tasks to choose from
 * @param spans usual spans of days; the value of each is its address
 * @param message why the days were refused; null where they were not
 * @param total the sum over all days
 * @param plot the data that the script draws, as JSON; empty where there is nothing to draw
 * @param days the usage by day, the last day first; days without runs are left out
 * @param moreDays whether earlier days are not shown
 * @param byTask the usage by task, the most expensive first; empty where one task is chosen
 * @param moreTasks whether further tasks are not shown
 * @param taskPlots plots of the tasks with the most usage; empty where there is one task or none
 * @param csv the address of the usage as a file
 */
public record UsagePageView(
    String from,
    String to,
    List<Choice> tasks,
    List<Choice> spans,
    @Nullable String message,
    UsageSum total,
    String plot,
    List<UsageLine> days,
    boolean moreDays,
    List<UsageLine> byTask,
    boolean moreTasks,
    List<TaskPlot> taskPlots,
    String csv) {

  /**
   * A plot of one measure with a bar for each of the tasks with the most.
   *
   * @param bars the bars, the longest first
   */
  public record TaskPlot(String title, List<Bar> bars) {}

  /**
   * A bar of a task.
   *
   * @param name the name of the task
   * @param address its page; null where it was deleted
   * @param kind the colour of its first part: what a model used, or a tool, or what failed
   * @param length the length of that part in hundredths
   * @param failed the length of what failed, which follows it
   * @param value how much it is, for people
   */
  public record Bar(
      String name,
      @Nullable String address,
      BarKind kind,
      long length,
      long failed,
      String value) {}

  /**
   * The usage of a day or a task.
   *
   * @param name the day, or the name of the task
   * @param address the page of the task; null for a day, or where it was deleted
   * @param share how many hundredths it is of the largest
   */
  public record UsageLine(String name, @Nullable String address, long share, UsageSum used) {}
}
