package dev.errand.identity.page;

import static dev.errand.base.http.PublicUrl.encoded;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * Builds the addresses of the console's pages, also for what has no console: messages, callbacks
 * and answers of the API lead people there.
 */
public final class PagePaths {
  private PagePaths() {}

  /** The address of the home of a profile, below the base of the service. */
  public static String home(String user, String profile) {
    return "/console/" + encoded(user) + "/" + encoded(profile);
  }

  /** The address of the page of an installation, below the home of its profile. */
  public static String tool(String home, String installation) {
    return home + "/tools/" + encoded(installation);
  }

  /** The address of the page that calls a tool, below the home of its profile. */
  public static String trial(String home, String installation, String tool) {
    return tool(home, installation) + "/try?tool=" + encoded(tool);
  }

  /** The address of a task's page, below the home of its profile. */
  public static String task(String home, String task) {
    return home + "/tasks/" + encoded(task);
  }

  /** The address of a run's page, below the home of its profile. */
  public static String run(String home, String task, String run) {
    return task(home, task) + "/runs/" + encoded(run);
  }

  /** The address of the page that compares runs of a task, below the home of its profile. */
  public static String compare(String home, String task) {
    return task(home, task) + "/compare";
  }

  /** The address of a schedule's page, below the home of its profile. */
  public static String schedule(String home, String task, String schedule) {
    return task(home, task) + "/schedules/" + encoded(schedule);
  }

  /** The address of a callback's page, below the home of its profile. */
  public static String callback(String home, String task, String callback) {
    return task(home, task) + "/callbacks/" + encoded(callback);
  }

  /** The address of a trigger's page, below the home of its profile. */
  public static String trigger(String home, String task, String trigger) {
    return task(home, task) + "/triggers/" + encoded(trigger);
  }

  /** The address of a channel's page, below the home of its profile. */
  public static String channel(String home, String channel) {
    return home + "/channels/" + encoded(channel);
  }

  /** The address of a notice's page, below the home of its profile. */
  public static String notice(String home, String notice) {
    return home + "/notices/" + encoded(notice);
  }

  /** The address of the page with the budgets of a profile, below its home. */
  public static String budgets(String home) {
    return home + "/budgets";
  }

  /** The address of the page with the budgets of a user, below the home of any profile. */
  public static String budgetsOfUser(String home, String user) {
    return home + "/settings/users/" + encoded(user) + "/budgets";
  }

  /**
   * The address of a budget's page.
   *
   * @param budgets the address of the page with all of its owner
   */
  public static String budget(String budgets, String budget) {
    return budgets + "/" + encoded(budget);
  }

  /** The address of the page of all tool calls that wait, below the home of their profile. */
  public static String approvals(String home) {
    return home + "/approvals";
  }

  /** The address of the page of a tool call that waits for a person, below a profile's home. */
  public static String approval(String home, String id) {
    return approvals(home) + "/" + encoded(id);
  }

  /**
   * A query with a question mark; parameters without a value are left out.
   *
   * @return empty where none has a value
   */
  public static String query(Map<String, String> parameters) {
    String query =
        parameters.entrySet().stream()
            .filter(parameter -> !parameter.getValue().isEmpty())
            .map(parameter -> encoded(parameter.getKey()) + "=" + encoded(parameter.getValue()))
            .collect(Collectors.joining("&"));
    return query.isEmpty() ? "" : "?" + query;
  }
}
