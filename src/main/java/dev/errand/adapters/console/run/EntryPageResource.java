package dev.errand.adapters.console.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.RequestView;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Json;
import dev.errand.runs.entry.RunEntryCodec;
import dev.errand.runs.lifecycle.EntryRequests;
import dev.errand.runs.lifecycle.RunService;
import dev.errand.runs.queue.Run;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

/** The page of one entry of a run, with the request that led to it. */
@Path("/console/{user}/{profile}/tasks/{task}/runs/{run}/entries/{number}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class EntryPageResource {
  private static final String CURRENT = "runs";

  private final RunService runs;
  private final ShownEntries shown;
  private final EntryRequests requests;
  private final RunEntryCodec codec;
  private final Json json;

  EntryPageResource(
      RunService runs, ShownEntries shown, EntryRequests requests, RunEntryCodec codec, Json json) {
    this.runs = runs;
    this.shown = shown;
    this.requests = requests;
    this.codec = codec;
    this.json = json;
  }

  /** The page. */
  @GET
  public RestResponse<String> get(
      PageRequest page, @RestPath String task, @RestPath String run, @RestPath String number) {
    Run found = found(page, task, run);
    int wanted = ShownEntries.number("number", number);
    JsonNode entry = json.tree(shown.one(found, wanted));
    RequestView request = null;
    String lacking = null;
    if (codec.read(entry).entry().asked() != null) {
      try {
        request =
            RequestView.of(requests.of(page.caller(), page.profile(), task, run, number), json);
      } catch (ApiException e) {
        if (e.code() != ErrorCode.NOT_FOUND) {
          throw e;
        }
        lacking = e.getMessage();
      }
    }
    return page.answer(
        CURRENT,
        RunTemplates.runEntry(
            new EntryPageView(
                found.name(),
                PagePaths.run(page.home(), task, found.name()),
                wanted,
                entry.toPrettyString(),
                request,
                lacking)));
  }

  private Run found(PageRequest page, String task, String run) {
    return runs.get(page.caller(), page.profile(), task, run, RunService.Entries.NONE).run();
  }
}
