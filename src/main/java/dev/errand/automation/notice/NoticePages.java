package dev.errand.automation.notice;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.automation.event.TaskEvent;
import dev.errand.base.http.PublicUrl;
import dev.errand.runs.history.RunUrls;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** The addresses of what messages are about: pages of the console, and in the API. */
@ApplicationScoped
class NoticePages {
  private final RunUrls urls;
  private final PublicUrl base;

  NoticePages(RunUrls urls, PublicUrl base) {
    this.urls = urls;
    this.base = base;
  }

  /**
   * The page that shows an event; null where the service does not know its own address.
   *
   * @param run the run to look at; null for none
   */
  @Nullable String of(
      Notice.Target target, OutboxEvent event, JsonNode details, @Nullable String run) {
    String task = event.task();
    String installation = event.installation();
    JsonNode schedule = details.path(TaskEvent.SCHEDULE);
    JsonNode approval = details.path(TaskEvent.APPROVAL);
    if (approval.isTextual()) {
      return page(target, event.profile(), "approvals", approval.textValue());
    }
    if (run != null) {
      return page(target, event.profile(), "tasks", event.subject(), "runs", run);
    }
    if (installation != null) {
      return page(target, event.profile(), "tools", installation);
    }
    if (task == null) {
      return page(target, event.profile());
    }
    return schedule.isTextual()
        ? page(target, event.profile(), "tasks", task, "schedules", schedule.textValue())
        : page(target, event.profile(), "tasks", task);
  }

  /**
   * A page of a profile; null where the service does not know its own address.
   *
   * @param page the segments below the profile
   */
  @Nullable String page(Notice.Target target, OutboxEvent.Slug profile, String... page) {
    String otherwise = target.baseUrl();
    return otherwise == null && base.configured().isEmpty()
        ? null
        : urls.ofConsole(otherwise, profile.user(), profile.name(), page).toString();
  }

  /** The address in the API of what an event is about; null for what has none of its own. */
  @Nullable String inApi(Notice.Target target, OutboxEvent event, JsonNode details) {
    OutboxEvent.Slug profile = event.profile();
    OutboxEvent.EndedRun run = event.run();
    String approval = details.path(TaskEvent.APPROVAL).textValue();
    if (approval != null) {
      return urls.ofApproval(target.baseUrl(), profile.user(), profile.name(), approval).toString();
    }
    return run == null
        ? null
        : urls.of(target.baseUrl(), profile.user(), profile.name(), event.subject(), run.name())
            .toString();
  }
}
