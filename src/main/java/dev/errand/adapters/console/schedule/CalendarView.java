package dev.errand.adapters.console.schedule;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the calendar of schedules shows.
 *
 * @param title which days these are
 * @param filter what is asked for, as it stands in the form
 * @param tasks the names of tasks to choose from
 * @param before the address of the days before
 * @param after the address of the days after
 * @param today the address of today
 * @param weekdays the heads of the columns
 * @param weeks the rows of the table
 * @param zone the zone of all times
 * @param most how many schedules are shown, where there are more; 0 where all are
 * @param hasSchedules whether there are any
 * @param message why the days are not those that were asked for; null where they are
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
   * @param date one of the days
   * @param task the name of the task; empty for all
   * @param zone the zone of the days; empty for that of most schedules
   */
  public record Filter(String view, String date, String task, String zone) {}

  /**
   * A row.
   *
   * @param days its days
   */
  public record Week(List<Day> days) {}

  /**
   * A day.
   *
   * @param weekday the name of the day of the week
   * @param text what stands in its cell
   * @param isToday whether it is today
   * @param isOutside whether it is in another month than the rest
   * @param items what fires
   * @param more how many further items there are; 0 for none
   * @param address the address of a view that has more of it
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
   * What fires on a day.
   *
   * @param time the time, or that of the first of several
   * @param name the task and the schedule
   * @param address where there is more about it
   * @param status what came of it; null where it is to come
   * @param mark the class of that word
   * @param code the code of an error; null for none
   * @param detail why it is so, a sentence; null where that needs no words
   * @param runAddress the page of its run; null where there is none
   */
  public record Item(
      String time,
      String name,
      String address,
      @Nullable String status,
      String mark,
      @Nullable String code,
      @Nullable String detail,
      @Nullable String runAddress) {}
}
