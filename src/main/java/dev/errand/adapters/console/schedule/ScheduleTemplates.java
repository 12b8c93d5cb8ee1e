package dev.errand.adapters.console.schedule;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** The templates of the pages of schedules. */
@CheckedTemplate(basePath = "console")
final class ScheduleTemplates {
  private ScheduleTemplates() {}

  static native TemplateInstance calendar(CalendarView view);

  static native TemplateInstance scheduleForm(ScheduleFormView form);

  static native TemplateInstance schedulePreview(PreviewView preview);

  static native TemplateInstance schedules(ScheduleListView view);

  static native TemplateInstance schedule(SchedulePageView view);
}
