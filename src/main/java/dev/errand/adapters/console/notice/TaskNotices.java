package dev.errand.adapters.console.notice;

import dev.errand.adapters.console.page.PageRequest;
import dev.errand.automation.notice.NoticeService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Finds the notices that tell of a task's failures. */
@ApplicationScoped
public class TaskNotices {
  private final NoticeService notices;

  TaskNotices(NoticeService notices) {
    this.notices = notices;
  }

  /** The notices that tell, or would tell if their channels could, that a task failed. */
  public List<NoticeItem> of(PageRequest page, String task) {
    return notices.list(page.caller(), page.profile()).stream()
        .filter(notice -> notice.settings().tellsOfFailures() && notice.settings().covers(task))
        .map(notice -> new NoticeItem(notice, page.home()))
        .toList();
  }
}
