package dev.errand.runs.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.http.Problem;
import dev.errand.base.json.Json;
import dev.errand.runs.history.RunLinks;
import dev.errand.runs.history.RunView;
import dev.errand.runs.queue.Run;
import dev.errand.runs.queue.RunDelta;

/** Writes the events of a run in JSON, for clients of the API. */
record JsonEvents(Json json, String url) implements EventForm {

  @Override
  public String entry(int number, String entry) {
    return entry;
  }

  @Override
  public String delta(RunDelta delta) {
    ObjectNode data = json.object().put("text", delta.text());
    return (delta.restart() ? data.put("restart", true) : data).toString();
  }

  @Override
  public String end(Run run) {
    return json.write(RunView.of(run, new RunLinks(url, null), null));
  }

  @Override
  public String refused(ApiException refusal) {
    return json.write(Problem.of(refusal));
  }
}
