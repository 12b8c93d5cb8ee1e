package dev.errand.adapters.console.admin;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** The templates of the pages for admins. */
@CheckedTemplate(basePath = "console")
final class AdminTemplates {
  private AdminTemplates() {}

  static native TemplateInstance audit(AuditPageView view);

  static native TemplateInstance service(ServicePageView view);

  static native TemplateInstance users(UserListView view);

  static native TemplateInstance user(UserPageView view);
}
