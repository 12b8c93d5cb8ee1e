package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.ListPart;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** The templates of the pages of tools and servlets. */
@CheckedTemplate(basePath = "console")
final class ToolTemplates {
  /** The part of the navigation that these pages belong to. */
  static final String CURRENT = "tools";

  private ToolTemplates() {}

  static native TemplateInstance toolApprovals(ApprovalRulesForm form);

  static native TemplateInstance toolChoice(ToolChoiceForm form);

  static native TemplateInstance installation(InstallationPageView view);

  static native TemplateInstance publication(PublicationForm form, long most);

  static native TemplateInstance serverForm(ServerForm form);

  static native TemplateInstance servletForm(ServletForm form);

  static native TemplateInstance servlets(ServletListView view);

  static native TemplateInstance servlet(ServletPageView view);

  static native TemplateInstance tools(ListPart<InstallationLine> installations);

  static native TemplateInstance trial(TrialView view);
}
