package dev.errand.adapters.console.task;

import dev.errand.adapters.console.page.ListPart;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.Map;

/** The templates of the pages of tasks. */
@CheckedTemplate(basePath = "console")
final class TaskTemplates {
  private TaskTemplates() {}

  static native TemplateInstance taskForm(TaskFormView form);

  static native TemplateInstance tasks(ListPart<TaskItem> list);

  static native TemplateInstance task(TaskPageView view);

  static native TemplateInstance taskPreview(
      String name, String address, TaskPreviewView view, Map<String, String> sent);
}
