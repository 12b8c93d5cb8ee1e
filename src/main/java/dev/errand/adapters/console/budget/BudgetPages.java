package dev.errand.adapters.console.budget;

import dev.errand.adapters.console.budget.BudgetListView.Section;
import dev.errand.adapters.console.budget.BudgetPageView.CostlyLine;
import dev.errand.adapters.console.page.ListPart;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.SettingsForm;
import dev.errand.adapters.console.page.Texts;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import dev.errand.identity.account.Caller;
import dev.errand.identity.page.PagePaths;
import dev.errand.runs.budget.BudgetHistory;
import dev.errand.runs.budget.BudgetHistory.CostlyRun;
import dev.errand.runs.budget.BudgetHistory.SpentDay;
import dev.errand.runs.budget.BudgetService;
import dev.errand.runs.budget.BudgetSettings;
import dev.errand.runs.budget.BudgetView;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Answers the requests for pages of budgets, whoever owns them. */
@ApplicationScoped
class BudgetPages {
  private final BudgetService budgets;
  private final BudgetHistory history;
  private final Json json;
  private final Clock clock;

  BudgetPages(BudgetService budgets, BudgetHistory history, Json json, Clock clock) {
    this.budgets = budgets;
    this.history = history;
    this.json = json;
    this.clock = clock;
  }

  /**
   * The page with all budgets of an owner.
   *
   * @param sections this owner, and others whose budgets it shows, too
   */
  RestResponse<String> list(BudgetHolder holder, List<BudgetHolder> sections) {
    BudgetListView view =
        new BudgetListView(holder, sections.stream().map(each -> section(holder, each)).toList());
    return holder.page().answer(holder.current(), BudgetTemplates.budgets(view));
  }

  private Section section(BudgetHolder on, BudgetHolder holder) {
    String id = holder.user() == null ? "of-profile" : "of-user";
    ListPart<BudgetView> part =
        ListPart.of(
            all(holder),
            BudgetView::name,
            Texts.givenOrNull(on.page().query().line(id)),
            next -> on.address() + PagePaths.query(Map.of(id, next)));
    return new Section(
        id,
        holder,
        part.items().stream().map(budget -> item(holder, budget)).toList(),
        part.next());
  }

  private static BudgetItem item(BudgetHolder holder, BudgetView budget) {
    return new BudgetItem(budget, holder.address(budget.name()), holder.counted());
  }

  /** The form of a new one. */
  RestResponse<String> ask(BudgetHolder holder, String task) {
    holder.requireChange();
    return answer(200, BudgetForm.empty(holder, task));
  }

  /** Creates one. */
  RestResponse<String> create(BudgetHolder holder) {
    holder.requireChange();
    return saved(
        BudgetForm.empty(holder, "").sent(holder.page().form()),
        form -> create(holder, form.name(), form.settings(json)));
  }

  /** The page of one. */
  RestResponse<String> get(BudgetHolder holder, String name) {
    return shown(200, holder, name, null);
  }

  /** The form of one. */
  RestResponse<String> edit(BudgetHolder holder, String name) {
    holder.requireChange();
    return answer(200, BudgetForm.of(holder, found(holder, name), json));
  }

  /** Changes one. */
  RestResponse<String> change(BudgetHolder holder, String name) {
    holder.requireChange();
    return saved(
        BudgetForm.of(holder, found(holder, name), json).sent(holder.page().form()),
        form -> put(holder, name, form.settings(json)));
  }

  /** Deletes one. */
  RestResponse<String> delete(BudgetHolder holder, String name) {
    try {
      remove(holder, name);
    } catch (ApiException e) {
      if (!holder.mayChange()) {
        throw e;
      }
      return shown(e.code().status(), holder, name, Refusal.of(e));
    }
    return holder.page().redirect(holder.address());
  }

  private static RestResponse<String> saved(
      BudgetForm shown, Consumer<SettingsForm<BudgetSettings>> save) {
    try {
      save.accept(shown.form());
    } catch (ApiException e) {
      return answer(e.code().status(), shown.refused(e));
    }
    BudgetHolder holder = shown.holder();
    return holder.page().redirect(holder.address(shown.form().name()));
  }

  private RestResponse<String> shown(
      int status, BudgetHolder holder, String name, @Nullable String message) {
    BudgetView budget = found(holder, name);
    BudgetItem item = item(holder, budget);
    BudgetCourse course = item.isOfRun() ? null : course(holder, budget);
    if (course != null && !course.days().isEmpty()) {
      holder.page().addPlots();
    }
    BudgetPageView view =
        new BudgetPageView(
            holder, item, course, item.isOfRun() ? runs(holder, name) : null, message);
    return holder.page().answer(status, holder.current(), BudgetTemplates.budget(view));
  }

  private BudgetCourse course(BudgetHolder holder, BudgetView budget) {
    Instant now = clock.instant();
    Caller caller = holder.page().caller();
    LocalDate from = BudgetCourse.from(budget, now);
    List<SpentDay> days =
        holder.user() == null
            ? history.days(caller, holder.profile(), budget.name(), from)
            : history.daysOfUser(caller, holder.user(), budget.name(), from);
    return BudgetCourse.of(budget, days, now, json);
  }

  private @Nullable List<CostlyLine> runs(BudgetHolder holder, String name) {
    PageRequest page = holder.page();
    if (holder.user() != null && !page.caller().is(holder.user())) {
      return null;
    }
    List<CostlyRun> found =
        holder.user() == null
            ? history.runs(page.caller(), holder.profile(), name)
            : history.runsOfUser(page.caller(), holder.user(), name);
    return found.stream()
        .map(
            run ->
                new CostlyLine(
                    run, PagePaths.run(page.root() + "/" + run.profile(), run.task(), run.run())))
        .toList();
  }

  private static RestResponse<String> answer(int status, BudgetForm form) {
    BudgetHolder holder = form.holder();
    return holder.page().answer(status, holder.current(), BudgetTemplates.budgetForm(form));
  }

  private List<BudgetView> all(BudgetHolder holder) {
    return holder.user() == null
        ? budgets.list(holder.page().caller(), holder.profile())
        : budgets.listOfUser(holder.page().caller(), holder.user());
  }

  private BudgetView found(BudgetHolder holder, String name) {
    return holder
        .page()
        .showing(
            holder.user() == null
                ? budgets.get(holder.page().caller(), holder.profile(), name)
                : budgets.getOfUser(holder.page().caller(), holder.user(), name));
  }

  private void create(BudgetHolder holder, String name, BudgetSettings wanted) {
    var _ =
        holder.user() == null
            ? budgets.create(holder.page().caller(), holder.profile(), name, wanted)
            : budgets.createOfUser(holder.page().caller(), holder.user(), name, wanted);
  }

  private void put(BudgetHolder holder, String name, BudgetSettings wanted) {
    var _ =
        holder.user() == null
            ? budgets.put(holder.page().caller(), holder.profile(), name, wanted)
            : budgets.putOfUser(holder.page().caller(), holder.user(), name, wanted);
  }

  private void remove(BudgetHolder holder, String name) {
    if (holder.user() == null) {
      budgets.delete(holder.page().caller(), holder.profile(), name);
    } else {
      budgets.deleteOfUser(holder.page().caller(), holder.user(), name);
    }
  }
}
