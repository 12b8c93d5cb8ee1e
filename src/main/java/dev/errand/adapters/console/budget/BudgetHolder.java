package dev.errand.adapters.console.budget;

import dev.errand.adapters.console.page.PageRequest;
import dev.errand.identity.page.PagePaths;
import dev.errand.identity.profile.ProfileSlug;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose budgets a page shows: those of its profile, or of a user.
 *
 * @param user the name of the user; null for the profile
 */
public record BudgetHolder(PageRequest page, @Nullable String user) {
  private static final String THINGS = "Budgets";

  static BudgetHolder ofProfile(PageRequest page) {
    return new BudgetHolder(page, null);
  }

  static BudgetHolder ofUser(PageRequest page, String user) {
    return new BudgetHolder(page, page.caller().nameOf(user));
  }

  /** A page above those of the budgets. */
  public record Crumb(String address, String text) {}

  ProfileSlug profile() {
    return page.profile();
  }

  /** The address of the page with all of them. */
  public String address() {
    return user == null
        ? PagePaths.budgets(page.home())
        : PagePaths.budgetsOfUser(page.home(), user);
  }

  /** The address of the page of a budget. */
  public String address(String budget) {
    return PagePaths.budget(address(), budget);
  }

  /** The address of the form of a new one. */
  public String newAddress() {
    return address().replaceFirst("/budgets$", "/new-budget");
  }

  /** The part of the navigation that the pages belong to. */
  String current() {
    return user == null ? "usage" : "settings";
  }

  /** Whether the visitor may change them. */
  public boolean mayChange() {
    return user == null ? page.mayOwn() : page.isAdmin();
  }

  /** Checks that before a form is shown. The service checks it as well. */
  void requireChange() {
    if (user == null) {
      page.requireOwner(THINGS);
    } else {
      page.requireAdmin();
    }
  }

  /** The owner, for people. */
  public String title() {
    return user == null ? "Of the profile " + page.profile() : "Of the user " + user;
  }

  /** Which runs a budget without a task counts. */
  public String counted() {
    return user == null ? "all tasks" : "all tasks in the profiles of " + user;
  }

  /** Who may change them, for those who may not. */
  public String changers() {
    return user == null ? "Owners of " + page.profile() : "Admins";
  }

  /** The pages above that of all budgets. */
  public List<Crumb> crumbs() {
    if (user == null) {
      return List.of(new Crumb(page.home() + "/usage", "Usage"));
    }
    List<Crumb> crumbs = new ArrayList<>();
    crumbs.add(new Crumb(page.home() + "/settings", "Settings"));
    if (page.isAdmin()) {
      String users = page.home() + "/settings/users";
      crumbs.add(new Crumb(users, "Users"));
      crumbs.add(new Crumb(address().replaceFirst("/budgets$", ""), user));
    }
    return crumbs;
  }
}
