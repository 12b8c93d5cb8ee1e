package dev.errand.adapters.console.run;

import dev.errand.base.error.ApiException;
import dev.errand.runs.live.EventForm;
import dev.errand.runs.queue.Run;
import dev.errand.runs.queue.RunDelta;
import dev.errand.tools.mcp.wire.VisibleText;
import io.quarkus.qute.TemplateInstance;

/**
 * Sends updates to the page of a run, as fragments of the page.
 *
 * @param address the page of the run
 */
record HtmlEvents(RunPageViews views, String address) implements EventForm {

  @Override
  public String entry(int number, String entry) {
    return piece(RunTemplates.entryEvent(views.further(number, entry, address)));
  }

  @Override
  public String delta(RunDelta delta) {
    return piece(RunTemplates.deltaEvent(VisibleText.ofProse(delta.text()), delta.restart()));
  }

  /** A fragment of HTML without the line break at the template's end, which would be shown. */
  private static String piece(TemplateInstance template) {
    // In an event, a carriage return would end the line of its data.
    return template.render().stripTrailing().replace("\r\n", "\n").replace('\r', '\n');
  }

  @Override
  public String end(Run run) {
    return run.status().code();
  }

  @Override
  public String refused(ApiException refusal) {
    return "";
  }
}
