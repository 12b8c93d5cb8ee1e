package dev.errand.adapters.console.run;

import dev.errand.adapters.console.page.RequestView;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import org.jspecify.annotations.Nullable;

/** The templates of the pages of runs and of the usage. */
@CheckedTemplate(basePath = "console")
final class RunTemplates {
  /** The part of the navigation that the pages of runs belong to. */
  static final String CURRENT = "runs";

  private RunTemplates() {}

  /**
   * The page of one entry.
   *
   * @param run the name of its run
   * @param address the page of the run
   * @param json all of it, indented
   * @param request the request to the model that led to it; null where there is none
   * @param lacking why the request can't be shown; null where it can, or there is none
   */
  static native TemplateInstance runEntry(
      String run,
      String address,
      int number,
      String json,
      @Nullable RequestView request,
      @Nullable String lacking);

  static native TemplateInstance entryEvent(EntryView entry);

  static native TemplateInstance deltaEvent(String text, boolean restart);

  static native TemplateInstance runs(RunListView view);

  static native TemplateInstance run(RunPageView view);

  static native TemplateInstance usage(UsagePageView view);
}
