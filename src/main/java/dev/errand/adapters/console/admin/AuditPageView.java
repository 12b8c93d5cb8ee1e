package dev.errand.adapters.console.admin;

import dev.errand.adapters.console.page.PageTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the page with the audit shows.
 *
 * @param filter the selection, as the form shows it
 * @param actions the actions to choose from
 * @param lines the lines, newest first
 * @param next the address of the following page; null for the last one
 * @param filtered whether only a part of the lines is selected
 * @param message why the form was refused; null where it was not
 */
public record AuditPageView(
    Filter filter,
    List<String> actions,
    List<AuditRow> lines,
    @Nullable String next,
    boolean filtered,
    @Nullable String message) {

  /**
   * The fields of the form; an empty one selects all.
   *
   * @param actor the name of a user
   * @param action the code of an action
   * @param object the path of an object
   * @param from the time of the oldest, in UTC
   * @param to the time that all are before
   */
  public record Filter(String actor, String action, String object, String from, String to) {
    /** Whether it selects all lines. */
    boolean isEmpty() {
      return (actor + action + object + from + to).isEmpty();
    }
  }

  /**
   * A line.
   *
   * @param by the program or token used; empty for a session
   * @param changes the old and the new value of each changed field
   * @param more how many changes are not shown
   * @param address where it was done from; null for an action of a run
   */
  public record AuditRow(
      PageTime at,
      String actor,
      String by,
      String action,
      String object,
      List<ChangedField> changes,
      int more,
      @Nullable String address) {}

  /**
   * A change of a field.
   *
   * @param field the path of the field
   * @param text its old and its new value
   */
  public record ChangedField(String field, String text) {}
}
