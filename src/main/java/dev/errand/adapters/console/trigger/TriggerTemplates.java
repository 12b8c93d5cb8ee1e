package dev.errand.adapters.console.trigger;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** The templates of the pages of triggers. */
@CheckedTemplate(basePath = "console")
final class TriggerTemplates {
  private TriggerTemplates() {}

  static native TemplateInstance delivery(DeliveryPageView view);

  static native TemplateInstance deliveryBody(DeliveryPageView view);

  static native TemplateInstance triggerForm(TriggerFormView form);

  static native TemplateInstance triggers(TriggerListView view);

  static native TemplateInstance trigger(TriggerPageView view);
}
