package dev.errand.adapters.console.settings;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** The templates of the pages of settings. */
@CheckedTemplate(basePath = "console")
final class SettingsTemplates {
  private SettingsTemplates() {}

  static native TemplateInstance grants(GrantPageView view);

  static native TemplateInstance sessions(SessionPageView view);

  static native TemplateInstance settings();

  static native TemplateInstance tokens(TokenPageView view);
}
