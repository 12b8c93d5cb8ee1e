package dev.errand.runs.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.http.Paging;
import dev.errand.base.http.QueryErrors;
import dev.errand.base.http.QueryNumber;
import dev.errand.base.http.QueryWords;
import dev.errand.base.http.ReadsQuery;
import dev.errand.base.json.Coded;
import dev.errand.base.json.Json;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.models.port.ModelRequest;
import dev.errand.runs.history.RunCursor;
import dev.errand.runs.history.RunEntries;
import dev.errand.runs.history.RunUrls;
import dev.errand.runs.history.RunView;
import dev.errand.runs.lifecycle.RunService.Entries;
import dev.errand.runs.lifecycle.RunService.RunDetail;
import dev.errand.runs.lifecycle.RunService.RunList;
import dev.errand.runs.lifecycle.RunService.Started;
import dev.errand.runs.queue.Run;
import dev.errand.runs.queue.RunStatus;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * REST operations on the runs of a task: start, list, get, cancel, retry, and the requests that led
 * to entries.
 */
@Path("/api/profiles/{user}/{profile}/tasks/{task}/runs")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class RunResource {
  /** The header with a note to an answer. */
  public static final String NOTE = "Errand-Note";

  private static final int DEFAULT_LIMIT = 50;
  private static final int LARGEST_LIMIT = 500;
  private static final String RESULTS = "results";
  private static final String OUTPUT = "output";
  // The parameters and the rest of the body.
  private static final int LARGEST_REQUEST = RunStarter.LARGEST_PARAMETERS + 1024;

  /** Fields of a {@link RunView} that only the server sets, which are ignored in a request. */
  private static final Set<String> SHOWN =
      Set.of(
          "name",
          "url",
          "status",
          OUTPUT,
          "output_bytes",
          "result",
          "finish_reason",
          "note",
          "error",
          "warnings",
          "trigger",
          "attempt",
          "depth",
          "usage",
          RESULTS,
          "created_at",
          "modified_at",
          "scheduled_at",
          "started_at",
          "finished_at",
          "late",
          "waiting_for");

  private static final String NO_STATUS =
      "must be pending, running, ready or error, or several of them separated by commas";

  private final CurrentCaller caller;
  private final RunService runs;
  private final EntryRequests requests;
  private final CurrentVertxRequest http;
  private final RunUrls urls;
  private final Json json;
  private final QueryErrors query;

  RunResource(
      CurrentCaller caller,
      RunService runs,
      EntryRequests requests,
      CurrentVertxRequest http,
      RunUrls urls,
      Json json,
      QueryErrors query) {
    this.caller = caller;
    this.runs = runs;
    this.requests = requests;
    this.http = http;
    this.urls = urls;
    this.json = json;
    this.query = query;
  }

  /**
   * Lists the task's runs, newest first. If there are more, the {@code Link} header has the address
   * of the next page.
   *
   * @param include {@code results} for their entries, {@code output} for whole outputs
   */
  @GET
  @ReadsQuery
  public RestResponse<List<RunView>> list(
      @BeanParam ProfileSlug profile,
      @RestPath String task,
      @RestQuery List<String> status,
      @RestQuery @Nullable String include,
      @RestQuery @Nullable String limit,
      @RestQuery(Paging.CURSOR) @Nullable String cursor) {
    InvalidFields wrong = query.collected();
    Set<RunStatus> statuses = wrong.read(() -> statuses(status), Set.of());
    long before =
        cursor == null ? Long.MAX_VALUE : wrong.read(() -> RunCursor.of(cursor), Long.MAX_VALUE);
    int most =
        limit == null
            ? DEFAULT_LIMIT
            : wrong.read(() -> QueryNumber.of("limit", limit, 1, LARGEST_LIMIT), DEFAULT_LIMIT);
    Set<String> included = wrong.last(() -> QueryWords.of("include", include, RESULTS, OUTPUT));
    RunList list =
        runs.list(
            caller.get(),
            profile,
            task,
            statuses,
            before,
            most,
            included.contains(OUTPUT),
            included.contains(RESULTS) ? Entries.ALL : Entries.NONE);
    RestResponse.ResponseBuilder<List<RunView>> answer =
        RestResponse.ResponseBuilder.ok(
            list.runs().stream()
                .map(
                    listed ->
                        RunView.of(
                            listed.run(),
                            urls.linksOf(profile, task, listed.run()),
                            listed.entries()))
                .toList());
    Long next = list.next();
    return next == null
        ? answer.build()
        : answer.link(urls.next(RunCursor.after(next)), "next").build();
  }

  /**
   * Gets a run with all its entries so far. With {@code ?wait=} the answer comes when the run ends,
   * or after that many seconds.
   *
   * @param include {@code raw} for messages as their vendor sent them, beside their common form
   */
  @GET
  @Path("{run}")
  @ReadsQuery
  public RunView get(
      @BeanParam ProfileSlug profile,
      @RestPath String task,
      @RestPath String run,
      @RestQuery @Nullable String wait,
      @RestQuery @Nullable String include)
      throws InterruptedException {
    InvalidFields wrong = query.collected();
    wrong.add(() -> checkParts(include));
    Duration patience = wrong.last(() -> WaitParameter.of(wait));
    RunDetail detail =
        runs.await(
            caller.get(), profile, task, run, Entries.ALL, patience, WaitParameter.goneOf(http));
    RunEntries read = detail.entries();
    return "raw".equals(include) && read != null
        ? view(new RunDetail(detail.run(), read.raw()), profile, task)
        : view(detail, profile, task);
  }

  /**
   * Starts a run of that name, or returns the existing one, whatever the body says. With {@code
   * ?wait=} the answer comes when the run ends, or after that many seconds.
   */
  @PUT
  @Path("{run}")
  @Consumes(MediaType.WILDCARD)
  @ReadsQuery
  public RestResponse<RunView> put(
      @BeanParam ProfileSlug profile,
      @RestPath String task,
      @RestPath String run,
      @RestQuery @Nullable String wait,
      @Nullable String body)
      throws InterruptedException {
    Duration patience = query.collected().last(() -> WaitParameter.of(wait));
    Started started = runs.start(caller.get(), profile, task, run, () -> parametersIn(body));
    RunDetail detail =
        patience.isPositive()
            ? runs.awaitStarted(
                caller.get(), profile, task, started, patience, WaitParameter.goneOf(http))
            : runs.shown(caller.get(), profile, task, started);
    URI url = urls.of(profile, task, run);
    String note = started.note();
    RunView view =
        RunView.of(detail.run(), urls.linksOf(profile, task, detail.run()), detail.entries(), note);
    if (started.started()) {
      return RestResponse.ResponseBuilder.<RunView>created(url).entity(view).build();
    }
    return note == null
        ? RestResponse.ok(view)
        : RestResponse.ResponseBuilder.ok(view).header(NOTE, note).build();
  }

  @POST
  @Path("{run}/cancel")
  @Consumes(MediaType.WILDCARD)
  public RunView cancel(
      @BeanParam ProfileSlug profile, @RestPath String task, @RestPath String run) {
    RunDetail cancelled = runs.cancelled(caller.get(), profile, task, run, Entries.ALL);
    return view(cancelled, profile, task);
  }

  /** Cancels a run; nothing is removed. */
  @DELETE
  @Path("{run}")
  @Consumes(MediaType.WILDCARD)
  public RunView delete(
      @BeanParam ProfileSlug profile, @RestPath String task, @RestPath String run) {
    return cancel(profile, task, run);
  }

  @POST
  @Path("{run}/retry")
  @Consumes(MediaType.WILDCARD)
  public RestResponse<RunView> retry(
      @BeanParam ProfileSlug profile, @RestPath String task, @RestPath String run) {
    RunDetail again = runs.retried(caller.get(), profile, task, run);
    return RestResponse.status(RestResponse.Status.ACCEPTED, view(again, profile, task));
  }

  /**
   * The request that led to an entry, without the key.
   *
   * @param number the number of the entry, from 0
   */
  @GET
  @Path("{run}/entries/{number}/request")
  public ModelRequest request(
      @BeanParam ProfileSlug profile,
      @RestPath String task,
      @RestPath String run,
      @RestPath String number) {
    return requests.of(caller.get(), profile, task, run, number);
  }

  private RunView view(RunDetail detail, ProfileSlug profile, String task) {
    Run run = detail.run();
    return RunView.of(run, urls.linksOf(profile, task, run), detail.entries());
  }

  private static Set<RunStatus> statuses(List<String> texts) {
    Set<RunStatus> statuses = EnumSet.noneOf(RunStatus.class);
    for (String text : texts) {
      for (String code : text.split(",", -1)) {
        statuses.add(
            Coded.find(RunStatus.class, code)
                .orElseThrow(() -> ApiException.invalid("status", NO_STATUS)));
      }
    }
    return statuses.isEmpty() ? EnumSet.allOf(RunStatus.class) : statuses;
  }

  private static void checkParts(@Nullable String include) {
    // Its results are there anyway.
    if (include != null && !include.equals("raw") && !include.equals(RESULTS)) {
      throw ApiException.invalid("include", "must be one of raw, " + RESULTS);
    }
  }

  private ObjectNode parametersIn(@Nullable String body) {
    if (body == null || body.isBlank()) {
      return json.object();
    }
    checkSize(body);
    ObjectNode request = json.body(body);
    if (request == null) {
      return json.object();
    }
    InvalidFields wrong = new InvalidFields();
    for (String name : (Iterable<String>) request::fieldNames) {
      if (!name.equals("parameters") && !SHOWN.contains(name)) {
        wrong.add(ApiException.unknownField(name, List.of("parameters")));
      }
    }
    JsonNode parameters = request.path("parameters");
    boolean isAbsent = parameters.isMissingNode() || parameters.isNull();
    if (!isAbsent && !parameters.isObject()) {
      wrong.add(ApiException.invalid("parameters", "must be an object"));
    }
    wrong.refuse();
    return parameters instanceof ObjectNode object ? object : json.object();
  }

  private static void checkSize(String text) {
    // Counts the characters of the body as compact JSON: without white space, and with each escape
    // as one character.
    boolean inString = false;
    long compact = 0;
    for (int i = 0; i < text.length() && compact <= LARGEST_REQUEST; i++) {
      char next = text.charAt(i);
      if (next == '"') {
        inString = !inString;
      } else if (inString && next == '\\') {
        i += text.startsWith("u", i + 1) ? 5 : 1;
      }
      compact += inString || next > ' ' ? 1 : 0;
    }
    if (compact > LARGEST_REQUEST) {
      throw RunStarter.tooLarge();
    }
  }
}
