package dev.errand.adapters.console.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Json;
import dev.errand.identity.page.PagePaths;
import dev.errand.identity.profile.Right;
import dev.errand.runs.lifecycle.Preview;
import dev.errand.runs.lifecycle.PreviewService;
import dev.errand.runs.lifecycle.RunService;
import dev.errand.runs.task.TaskService;
import dev.errand.runs.task.TaskToolNames;
import dev.errand.runs.task.TaskView;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The page of a task, and the form that runs it. */
@Path("/console/{user}/{profile}/tasks/{task}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class TaskPageResource {
  static final String CURRENT = "tasks";

  /** The field with the name of the run whose parameters filled the form. */
  private static final String AGAIN = "again";

  /** The query of the page of a task that has just been registered. */
  static final String REGISTERED = "?registered=true";

  private final TaskService tasks;
  private final TaskToolNames toolNames;
  private final RunService runs;
  private final PreviewService previews;
  private final RunFormReader forms;
  private final TaskPageViews views;
  private final Json json;

  TaskPageResource(
      TaskService tasks,
      TaskToolNames toolNames,
      RunService runs,
      PreviewService previews,
      RunFormReader forms,
      TaskPageViews views,
      Json json) {
    this.tasks = tasks;
    this.toolNames = toolNames;
    this.runs = runs;
    this.previews = previews;
    this.forms = forms;
    this.views = views;
    this.json = json;
  }

  /**
   * The page.
   *
   * @param run a run whose parameters fill the form that runs it; null for none
   * @param registered whether the task has just been registered; null for no
   */
  @GET
  public RestResponse<String> get(
      PageRequest page,
      @RestPath String task,
      @RestQuery @Nullable String run,
      @RestQuery @Nullable String registered) {
    TaskView found =
        toolNames.warned(
            page.caller(),
            page.profile(),
            page.showing(tasks.get(page.caller(), page.profile(), task)),
            Right.SEE);
    RunFormView form = page.mayRun() ? form(page, found, run) : null;
    return page.answer(
        CURRENT, TaskTemplates.task(views.of(page, found, form, run, registered != null)));
  }

  private RunFormView form(PageRequest page, TaskView task, @Nullable String run) {
    return run == null
        ? forms.empty(task)
        : forms.filled(
            task, runs.getBriefly(page.caller(), page.profile(), task.name(), run).parameters());
  }

  /** Starts a run; a known name leads to the run of that name. */
  @POST
  @Path("run")
  public RestResponse<String> run(PageRequest page, @RestPath String task) {
    SentForm sent = page.form();
    TaskView found = tasks.get(page.caller(), page.profile(), task);
    String sentName = sent.value(RunFormReader.RUN);
    String run = sentName.isBlank() ? forms.newName() : sentName;
    try {
      ObjectNode parameters = parameters(page, found, sent);
      runs.start(page.caller(), page.profile(), task, run, () -> parameters);
    } catch (ApiException e) {
      if (!page.mayRun()) {
        throw e;
      }
      return refused(page, found, sent, e);
    }
    return page.redirect(PagePaths.run(page.home(), task, run));
  }

  /** Shows what a run would begin with, without starting one. */
  @POST
  @Path("preview")
  public RestResponse<String> preview(PageRequest page, @RestPath String task) {
    SentForm sent = page.form();
    TaskView found = tasks.get(page.caller(), page.profile(), task);
    try {
      Preview preview =
          previews.preview(
              page.caller(), page.profile(), task, parameters(page, found, sent), null);
      return page.answer(
          CURRENT,
          TaskTemplates.taskPreview(
              found.name(),
              PagePaths.task(page.home(), task),
              TaskPreviewView.of(preview, json),
              sent.first()));
    } catch (ApiException e) {
      if (!page.mayRun()) {
        throw e;
      }
      return refused(page, found, sent, e);
    }
  }

  private ObjectNode parameters(PageRequest page, TaskView task, SentForm sent) {
    String again = sent.value(AGAIN);
    return again.isEmpty()
        ? forms.parameters(task, sent)
        : forms.parameters(task, sent, before(page, task, again));
  }

  private String before(PageRequest page, TaskView task, String run) {
    try {
      return runs.getBriefly(page.caller(), page.profile(), task.name(), run).parameters();
    } catch (ApiException e) {
      if (e.code() == ErrorCode.RUN_NOT_FOUND || e.code() == ErrorCode.RUN_GONE) {
        // It was removed while somebody read the form, which has the values.
        return "{}";
      }
      throw e;
    }
  }

  private RestResponse<String> refused(
      PageRequest page, TaskView task, SentForm sent, ApiException why) {
    RunFormView again = forms.sent(task, sent, String.valueOf(why.getMessage()));
    return page.answer(
        why.code().status(),
        CURRENT,
        TaskTemplates.task(views.of(page, task, again, sent.value(AGAIN), false)));
  }
}
