package dev.errand.adapters.console.run;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** The templates of the pages of runs and of the usage. */
@CheckedTemplate(basePath = "console")
final class RunTemplates {
  /** The part of the navigation that the pages of runs belong to. */
  static final String CURRENT = "runs";

  private RunTemplates() {}

  static native TemplateInstance runEntry(EntryPageView view);

  static native TemplateInstance entryEvent(EntryView entry);

  static native TemplateInstance deltaEvent(String text, boolean restart);

  static native TemplateInstance compare(ComparePageView view);

  static native TemplateInstance runs(RunListView view);

  static native TemplateInstance run(RunPageView view);

  static native TemplateInstance usage(UsagePageView view);
}
