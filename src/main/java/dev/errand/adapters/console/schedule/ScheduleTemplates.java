package dev.errand.adapters.console.schedule;

import dev.errand.adapters.console.page.ListPart;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** The templates of the pages of schedules. */
@CheckedTemplate(basePath = "console")
final class ScheduleTemplates {
  private ScheduleTemplates() {}

  static native TemplateInstance calendar(CalendarView view);

  static native TemplateInstance scheduleForm(ScheduleForm form);

  static native TemplateInstance schedulePreview(PreviewView preview);

  static native TemplateInstance schedules(ListPart<ScheduleItem> list);

  static native TemplateInstance schedule(SchedulePageView view);
}
