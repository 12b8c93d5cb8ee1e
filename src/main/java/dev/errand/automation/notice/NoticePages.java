package dev.errand.automation.notice;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.http.PublicUrl;
import dev.errand.identity.page.PagePaths;
import dev.errand.runs.event.TaskEvent;
import dev.errand.runs.history.RunUrls;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** The addresses of what messages are about: pages of the console, and in the API. */
@ApplicationScoped
class NoticePages {
  private static final String BUDGET = "/api/profiles/{user}/{profile}/budgets/{name}";
  private static final String BUDGET_OF_USER = "/api/users/{user}/budgets/{name}";

  private final PublicUrl base;

  NoticePages(PublicUrl base) {
    this.base = base;
  }

  /**
   * The page that shows an event; null where the service does not know its own address.
   *
   * @param run the run to look at; null for none
   */
  @Nullable String of(
      NoticeSnapshot.Target target, OutboxEvent event, JsonNode details, @Nullable String run) {
    String home = home(event.profile());
    String task = event.task();
    String installation = event.installation();
    JsonNode schedule = details.path(TaskEvent.SCHEDULE);
    JsonNode approval = details.path(TaskEvent.APPROVAL);
    if (approval.isTextual()) {
      return page(target, PagePaths.approval(home, approval.textValue()));
    }
    if (event.budget() != null) {
      return page(target, PagePaths.budget(budgets(home, details), event.budget()));
    }
    if (run != null) {
      return page(target, PagePaths.run(home, event.subject(), run));
    }
    if (installation != null) {
      return page(target, PagePaths.tool(home, installation));
    }
    if (task == null) {
      return page(target, home);
    }
    JsonNode trigger = details.path(TaskEvent.TRIGGER);
    if (trigger.isTextual()) {
      return page(target, PagePaths.trigger(home, task, trigger.textValue()));
    }
    return schedule.isTextual()
        ? page(target, PagePaths.schedule(home, task, schedule.textValue()))
        : page(target, PagePaths.task(home, task));
  }

  // Those of a user are shown in any profile, also in that of an admin who is told.
  private static String budgets(String home, JsonNode details) {
    String owner = details.path("owner").asText();
    return owner.contains("/") ? PagePaths.budgets(home) : PagePaths.budgetsOfUser(home, owner);
  }

  /** The home of a profile; null where the service does not know its own address. */
  @Nullable String of(NoticeSnapshot.Target target, OutboxEvent.Slug profile) {
    return page(target, home(profile));
  }

  /** The tool calls of a profile that wait; null where the service does not know its address. */
  @Nullable String ofApprovals(NoticeSnapshot.Target target, OutboxEvent.Slug profile) {
    return page(target, PagePaths.approvals(home(profile)));
  }

  private @Nullable String page(NoticeSnapshot.Target target, String page) {
    String otherwise = target.baseUrl();
    return otherwise == null && base.configured().isEmpty()
        ? null
        : base.resolve(page, otherwise).toString();
  }

  private static String home(OutboxEvent.Slug profile) {
    return PagePaths.home(profile.user(), profile.name());
  }

  /** The address in the API of what an event is about; null for what has none of its own. */
  @Nullable String inApi(NoticeSnapshot.Target target, OutboxEvent event, JsonNode details) {
    OutboxEvent.Slug profile = event.profile();
    if (event.budget() != null) {
      String[] owner = details.path("owner").asText().split("/", 2);
      return owner.length == 2
          ? base.resolve(BUDGET, target.baseUrl(), owner[0], owner[1], event.budget()).toString()
          : base.resolve(BUDGET_OF_USER, target.baseUrl(), owner[0], event.budget()).toString();
    }
    OutboxEvent.EndedRun run = event.run();
    String approval = details.path(TaskEvent.APPROVAL).textValue();
    if (approval != null) {
      return base.resolve(
              RunUrls.APPROVAL, target.baseUrl(), profile.user(), profile.name(), approval)
          .toString();
    }
    return run == null
        ? null
        : base.resolve(
                RunUrls.RUN,
                target.baseUrl(),
                profile.user(),
                profile.name(),
                event.subject(),
                run.name())
            .toString();
  }
}
