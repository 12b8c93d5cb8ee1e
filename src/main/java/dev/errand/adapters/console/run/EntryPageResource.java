package dev.errand.adapters.console.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.RequestView;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Json;
import dev.errand.base.json.PrettyJson;
import dev.errand.base.json.WellFormed;
import dev.errand.identity.page.PagePaths;
import dev.errand.models.port.ModelRequest;
import dev.errand.runs.entry.RunEntry;
import dev.errand.runs.entry.RunEntryCodec;
import dev.errand.runs.history.EntryReader;
import dev.errand.runs.lifecycle.EntryRequests;
import dev.errand.runs.lifecycle.RunService;
import dev.errand.runs.queue.Run;
import dev.errand.tools.mcp.wire.VisibleText;
import dev.errand.tools.port.Content;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * The page of one entry of a run, with the request that led to it, and its files: the request as
 * JSON or as a command, and pictures.
 */
@Path("/console/{user}/{profile}/tasks/{task}/runs/{run}/entries/{number}")
@RunOnVirtualThread
public class EntryPageResource {
  // The types that models receive. Others could run scripts.
  private static final Set<String> PICTURES =
      Set.of("image/png", "image/jpeg", "image/gif", "image/webp");

  private static final int MOST_JSON = 20_000;

  private final RunService runs;
  private final ShownEntries shown;
  private final EntryRequests requests;
  private final RunEntryCodec codec;
  private final EntryViews views;
  private final Json json;

  EntryPageResource(
      RunService runs,
      ShownEntries shown,
      EntryRequests requests,
      RunEntryCodec codec,
      EntryViews views,
      Json json) {
    this.runs = runs;
    this.shown = shown;
    this.requests = requests;
    this.codec = codec;
    this.views = views;
    this.json = json;
  }

  /** The page. */
  @GET
  @Produces(MediaType.TEXT_HTML)
  public RestResponse<String> get(
      PageRequest page, @RestPath String task, @RestPath String run, @RestPath String number) {
    Run shownRun = run(page, task, run);
    int entryNumber = ShownEntries.number("number", number);
    JsonNode stored = json.tree(shown.one(shownRun, entryNumber));
    RunEntry entry = codec.read(stored).entry();
    RequestView request = null;
    String lacking = null;
    if (entry.asked() != null) {
      try {
        request = RequestView.of(request(page, task, run, number), json);
      } catch (ApiException e) {
        if (e.code() != ErrorCode.NOT_FOUND && e.code() != ErrorCode.TOO_LARGE) {
          throw e;
        }
        lacking = e.getMessage();
      }
    }
    EntryView.EntryText whole = views.whole(entry);
    String pretty = VisibleText.ofJson(PrettyJson.of(stored, MOST_JSON));
    return page.answer(
        RunTemplates.CURRENT,
        RunTemplates.runEntry(
            new EntryPageView(
                shownRun.name(),
                PagePaths.run(page.home(), task, shownRun.name()),
                entryNumber,
                whole.title(),
                whole.note(),
                whole.html(),
                whole.text(),
                Excerpt.of(pretty, MOST_JSON),
                pretty.length() > MOST_JSON,
                request,
                lacking)));
  }

  /** The entry as the API shows it. */
  @GET
  @Path("entry.json")
  public RestResponse<StreamingOutput> stored(
      PageRequest page, @RestPath String task, @RestPath String run, @RestPath String number) {
    Consumer<EntryReader.Part> parts =
        shown.parts(run(page, task, run), ShownEntries.number("number", number));
    return PageRequest.file(
        "application/json",
        to -> {
          Writer text = new OutputStreamWriter(to, StandardCharsets.UTF_8);
          try {
            parts.accept(part -> write(text, part));
            text.flush();
          } catch (UncheckedIOException e) {
            throw e.getCause();
          }
        });
  }

  // No more is read for a client that has left.
  private static void write(Writer to, String part) {
    try {
      to.write(part);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text of the entry, as it was written. */
  @GET
  @Path("text.txt")
  public RestResponse<byte[]> text(
      PageRequest page, @RestPath String task, @RestPath String run, @RestPath String number) {
    return PageRequest.file(
        "text/plain;charset=UTF-8",
        WellFormed.bytes(EntryTexts.raw(codec.read(entry(page, task, run, number)).entry())));
  }

  /** The body of the request that led to the entry. */
  @GET
  @Path("request.json")
  public RestResponse<byte[]> body(
      PageRequest page, @RestPath String task, @RestPath String run, @RestPath String number) {
    return PageRequest.file(
        "application/json", json.bytes(request(page, task, run, number).body()));
  }

  /** The request that led to the entry, as a command of the shell without the key. */
  @GET
  @Path("request.sh")
  public RestResponse<byte[]> command(
      PageRequest page, @RestPath String task, @RestPath String run, @RestPath String number) {
    ModelRequest request = request(page, task, run, number);
    return PageRequest.file(
        "text/plain;charset=UTF-8",
        CurlCommand.of(request, json.write(request.body())).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A picture that a tool answered with.
   *
   * @param index its number in the entry, from 0
   */
  @GET
  @Path("pictures/{index}")
  public RestResponse<byte[]> picture(
      PageRequest page,
      @RestPath String task,
      @RestPath String run,
      @RestPath String number,
      @RestPath String index) {
    List<Content.Image> pictures = codec.read(entry(page, task, run, number)).entry().pictures();
    int position = ShownEntries.number("index", index);
    if (position >= pictures.size() || !PICTURES.contains(pictures.get(position).mimeType())) {
      throw new ApiException(ErrorCode.NOT_FOUND, "The entry has no such picture.");
    }
    Content.Image picture = pictures.get(position);
    return PageRequest.file(picture.mimeType(), Base64.getDecoder().decode(picture.data()));
  }

  private String entry(PageRequest page, String task, String run, String number) {
    return shown.whole(run(page, task, run), ShownEntries.number("number", number));
  }

  private ModelRequest request(PageRequest page, String task, String run, String number) {
    return requests.of(page.caller(), page.profile(), task, run, number);
  }

  private Run run(PageRequest page, String task, String run) {
    return runs.getBriefly(page.caller(), page.profile(), task, run);
  }
}
