package dev.errand.adapters.console.tool;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** The templates of the pages of tools and servlets. */
@CheckedTemplate(basePath = "console")
final class ToolTemplates {
  private ToolTemplates() {}

  static native TemplateInstance installation(InstallationPageView view);

  static native TemplateInstance publication(PublicationFormView form, long most);

  static native TemplateInstance serverForm(ServerFormView form);

  static native TemplateInstance servletForm(ServletFormView form);

  static native TemplateInstance servlets(ServletListView view);

  static native TemplateInstance servlet(ServletPageView view);

  static native TemplateInstance tools(ToolListView view);

  static native TemplateInstance trial(TrialView view);
}
