package dev.errand.adapters.console.trigger;

import dev.errand.adapters.console.page.ListPart;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** The templates of the pages of triggers. */
@CheckedTemplate(basePath = "console")
final class TriggerTemplates {
  private TriggerTemplates() {}

  static native TemplateInstance delivery(TriggerDeliveryPageView view);

  static native TemplateInstance deliveryBody(TriggerDeliveryPageView view);

  static native TemplateInstance triggerForm(TriggerForm form);

  static native TemplateInstance triggers(ListPart<TriggerItem> list);

  static native TemplateInstance trigger(TriggerPageView view);
}
