package dev.errand.adapters.console.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.page.Choice;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.RunLines;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.automation.callback.ProfileCallbacks;
import dev.errand.automation.schedule.ScheduleService;
import dev.errand.automation.schedule.ScheduleView;
import dev.errand.automation.trigger.ProfileTriggers;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import dev.errand.runs.history.RunFilter;
import dev.errand.runs.history.RunSearch;
import dev.errand.runs.lifecycle.Preview;
import dev.errand.runs.lifecycle.PreviewService;
import dev.errand.runs.lifecycle.RunService;
import dev.errand.runs.task.TaskService;
import dev.errand.runs.task.TaskView;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
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

  private static final int RUNS = 10;
  private static final int SCHEDULES = 50;
  private static final int OTHERS = 20;

  private final TaskService tasks;
  private final RunService runs;
  private final RunSearch search;
  private final PreviewService previews;
  private final ScheduleService schedules;
  private final ProfileTriggers triggers;
  private final ProfileCallbacks callbacks;
  private final RunForm forms;
  private final RunLines lines;
  private final Json json;

  TaskPageResource(
      TaskService tasks,
      RunService runs,
      RunSearch search,
      PreviewService previews,
      ScheduleService schedules,
      ProfileTriggers triggers,
      ProfileCallbacks callbacks,
      RunForm forms,
      RunLines lines,
      Json json) {
    this.tasks = tasks;
    this.runs = runs;
    this.search = search;
    this.previews = previews;
    this.schedules = schedules;
    this.triggers = triggers;
    this.callbacks = callbacks;
    this.forms = forms;
    this.lines = lines;
    this.json = json;
  }

  /**
   * The page.
   *
   * @param run a run whose parameters fill the form that runs it; null for none
   */
  @GET
  public RestResponse<String> get(
      PageRequest page, @RestPath String task, @RestQuery @Nullable String run) {
    TaskView found = tasks.get(page.caller(), page.profile(), task);
    RunFormView form = page.mayRun() ? form(page, found, run) : null;
    return page.answer(CURRENT, TaskTemplates.task(view(page, found, form)));
  }

  private RunFormView form(PageRequest page, TaskView task, @Nullable String run) {
    return run == null
        ? forms.empty(task)
        : forms.filled(
            task,
            runs.get(page.caller(), page.profile(), task.name(), run, RunService.Entries.NONE)
                .run()
                .parameters());
  }

  /** Starts a run; a known name leads to the run of that name. */
  @POST
  @Path("run")
  public RestResponse<String> run(PageRequest page, @RestPath String task) {
    SentForm sent = page.form();
    TaskView found = tasks.get(page.caller(), page.profile(), task);
    String sentName = sent.value(RunForm.RUN);
    String run = sentName.isBlank() ? forms.newName() : sentName;
    try {
      ObjectNode parameters = forms.parameters(found, sent);
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
              page.caller(), page.profile(), task, forms.parameters(found, sent), null);
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

  private RestResponse<String> refused(
      PageRequest page, TaskView task, SentForm sent, ApiException why) {
    RunFormView again = forms.refused(task, sent, String.valueOf(why.getMessage()));
    return page.answer(why.code().status(), CURRENT, TaskTemplates.task(view(page, task, again)));
  }

  private TaskPageView view(PageRequest page, TaskView task, @Nullable RunFormView form) {
    RunFilter all = RunFilter.ofTask(task.name());
    return new TaskPageView(
        page.home(),
        task,
        form,
        lines.of(
            search.search(page.caller(), page.profile(), all, Long.MAX_VALUE, RUNS).runs(),
            page.home()),
        schedules.list(page.caller(), page.profile(), task.name(), "", SCHEDULES).stream()
            .map(details -> ScheduleView.of(details, UnaryOperator.identity()))
            .toList(),
        others(page, task.name()));
  }

  /** The triggers and callbacks of a task, from the lists of the profile. */
  private List<Choice> others(PageRequest page, String task) {
    String home = page.home();
    Stream<Choice> started =
        triggers.list(page.caller(), page.profile(), task, "", OTHERS).stream()
            .filter(listed -> listed.task().equals(task))
            .map(
                listed ->
                    new Choice(
                        PagePaths.trigger(home, task, listed.name()),
                        "Trigger " + listed.name(),
                        listed.enabled()));
    Stream<Choice> finished =
        callbacks.list(page.caller(), page.profile(), task, ProfileCallbacks.FIRST, OTHERS).stream()
            .filter(listed -> listed.task().equals(task))
            .map(
                listed ->
                    new Choice(
                        PagePaths.callback(home, task, listed.callback().id().toString()),
                        "Callback to " + listed.callback().url(),
                        listed.callback().enabled()));
    return Stream.concat(started, finished).toList();
  }
}
