package dev.errand.adapters.console.callback;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** The templates of the pages of callbacks. */
@CheckedTemplate(basePath = "console")
final class CallbackTemplates {
  private CallbackTemplates() {}

  static native TemplateInstance callback(CallbackPageView view);

  static native TemplateInstance callbacks(CallbackListView view);
}
