package dev.errand.adapters.console.approval;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** The templates of the pages of tool calls that wait for a person. */
@CheckedTemplate(basePath = "console")
final class ApprovalTemplates {
  private ApprovalTemplates() {}

  static native TemplateInstance approvals(ApprovalListView view);

  static native TemplateInstance approval(ApprovalPageView view);
}
