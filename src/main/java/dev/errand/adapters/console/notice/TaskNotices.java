package dev.errand.adapters.console.notice;

import dev.errand.adapters.console.page.PageRequest;
import dev.errand.automation.notice.NoticeService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Finds the notices that tell of a task. */
@ApplicationScoped
public class TaskNotices {
  private final NoticeService notices;

  TaskNotices(NoticeService notices) {
    this.notices = notices;
  }

  /**
   * The notices that tell, or would tell if their channels could, of a task; none for users who may
   * not change them.
   */
  public List<NoticeItem> of(PageRequest page, String task) {
    if (!page.mayEdit()) {
      return List.of();
    }
    return notices.list(page.caller(), page.profile()).stream()
        .filter(notice -> notice.settings().covers(task))
        .map(notice -> new NoticeItem(notice, page.home()))
        .toList();
  }
}
