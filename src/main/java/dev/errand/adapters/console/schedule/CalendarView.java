package dev.errand.adapters.console.schedule;

import dev.errand.adapters.console.page.Mark;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of the calendar of schedules.
 *
 * @param filter the selection, as the form shows it
 * @param tasks the names of tasks to choose from
 * @param before the address of the days before
 * @param after the address of the days after
 * @param weekdays the heads of the columns
 * @param weeks the rows of the table
 * @param zone the zone of all times
 * @param most how many schedules are shown, where there are more; 0 where all are
 * @param message why other days than the requested ones are shown; null where they are not
 */
public record CalendarView(
    String title,
    Filter filter,
    List<String> tasks,
    String before,
    String after,
    String today,
    List<String> weekdays,
    List<Week> weeks,
    String zone,
    int most,
    boolean hasSchedules,
    @Nullable String message) {

  /**
   * The fields of the form.
   *
   * @param view how many days: month, week or day
   * @param task the name of the task; empty for all
   * @param zone the zone of the days; empty for that of most schedules
   */
  public record Filter(String view, String date, String task, String zone) {}

  /** A row. */
  public record Week(List<Day> days) {}

  /**
   * A day.
   *
   * @param weekday the name of the day of the week
   * @param text the text of its cell
   * @param isOutside whether it is in another month than the rest
   * @param more how many further items there are; 0 for none
   * @param address the address of a view with more details
   */
  public record Day(
      String weekday,
      String text,
      boolean isToday,
      boolean isOutside,
      List<Item> items,
      int more,
      String address) {

    /** The classes of its cell. */
    public String marks() {
      return (items.isEmpty() ? "none " : "")
          + (isOutside ? "outside " : "")
          + (isToday ? "today" : "");
    }
  }

  /**
   * A fire on a day, or several of one schedule.
   *
   * @param time the time, or that of the first of several
   * @param name the task and the schedule, cut if they are long
   * @param title the same in full
   * @param address the page with its details
   * @param status its outcome; null for a future one
   * @param mark the mark of that outcome; null for a future one
   * @param code the code of an error; null for none
   * @param detail the reason, as a sentence; null for none
   * @param resultAddress the page of its run, or of why there is none; null where neither is
   */
  public record Item(
      String time,
      String name,
      String title,
      String address,
      @Nullable String status,
      @Nullable Mark mark,
      @Nullable String code,
      @Nullable String detail,
      @Nullable String resultAddress) {}
}
