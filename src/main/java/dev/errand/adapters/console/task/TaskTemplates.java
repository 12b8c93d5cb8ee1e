package dev.errand.adapters.console.task;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** The templates of the pages of tasks. */
@CheckedTemplate(basePath = "console")
final class TaskTemplates {
  private TaskTemplates() {}

  static native TemplateInstance taskForm(TaskFormView form);

  static native TemplateInstance tasks(TaskListView view);

  static native TemplateInstance task(TaskPageView view);

  static native TemplateInstance taskPreview(TaskPreviewView view);
}
