package dev.errand.adapters.console.callback;

import dev.errand.adapters.console.page.ListPart;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** The templates of the pages of callbacks. */
@CheckedTemplate(basePath = "console")
final class CallbackTemplates {
  private CallbackTemplates() {}

  static native TemplateInstance callback(CallbackPageView view);

  static native TemplateInstance callbacks(ListPart<CallbackItem> list);
}
