package dev.errand.adapters.console.trigger;

import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.TaskPlace;
import dev.errand.adapters.console.trigger.TriggerForm.TriedLine;
import dev.errand.automation.trigger.ProfileTriggers;
import dev.errand.automation.trigger.TriggerDeliveryService;
import dev.errand.automation.trigger.TriggerDeliveryService.TriggerDeliveryView;
import dev.errand.automation.trigger.TriggerFilter;
import dev.errand.automation.trigger.TriggerService;
import dev.errand.automation.trigger.TriggerView;
import dev.errand.base.error.ApiException;
import dev.errand.base.http.Paging;
import dev.errand.base.http.QueryNumber;
import dev.errand.base.json.Json;
import dev.errand.identity.page.PagePaths;
import dev.errand.runs.task.TaskService;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The pages of triggers: their list, and each with its form, its deliveries and its buttons. */
@Path("/console/{user}/{profile}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class TriggerPageResource {
  static final String CURRENT = "triggers";
  private static final String ONE = "tasks/{task}/triggers/{trigger}";
  private static final int MOST = 10_000;
  private static final int LINES = 25;

  private final TaskService tasks;
  private final ProfileTriggers listed;
  private final TriggerService triggers;
  private final TriggerDeliveryService deliveries;
  private final Json json;

  TriggerPageResource(
      TaskService tasks,
      ProfileTriggers listed,
      TriggerService triggers,
      TriggerDeliveryService deliveries,
      Json json) {
    this.tasks = tasks;
    this.listed = listed;
    this.triggers = triggers;
    this.deliveries = deliveries;
    this.json = json;
  }

  /** The triggers of the profile. */
  @GET
  @Path("triggers")
  public RestResponse<String> list(
      PageRequest page, @RestQuery(Paging.CURSOR) @Nullable String cursor) {
    TaskPlace after = TaskPlace.of(cursor);
    String home = page.home();
    List<TriggerItem> read =
        listed
            .list(page.caller(), page.profile(), after.task(), after.key(), TaskPlace.READ)
            .stream()
            .map(trigger -> new TriggerItem(trigger, home))
            .toList();
    return page.answer(
        CURRENT,
        TriggerTemplates.triggers(TaskPlace.page(read, TriggerItem::place, home + "/triggers")));
  }

  /**
   * The form of a new trigger.
   *
   * @param task the task that it is for; null to choose one
   */
  @GET
  @Path("new-trigger")
  public RestResponse<String> ask(PageRequest page, @RestQuery @Nullable String task) {
    page.requireEditor("Triggers");
    List<String> names = tasks.names(page.caller(), page.profile());
    return answer(200, page, TriggerForm.empty(names, task == null ? "" : task));
  }

  /** Creates a trigger, and shows its address and its secret, which are only shown now. */
  @POST
  @Path("new-trigger")
  public RestResponse<String> create(PageRequest page) {
    page.requireEditor("Triggers");
    String task = page.form().line("task");
    TriggerForm form = TriggerForm.empty(List.of(), task).sent(page.form());
    try {
      TriggerView made =
          triggers
              .create(page.caller(), page.profile(), task, form.request(json), page.service())
              .trigger();
      return isShownOnce(made)
          ? shown(page, task, made, 0)
          : page.redirect(PagePaths.trigger(page.home(), task, made.name()));
    } catch (ApiException e) {
      List<String> names = tasks.names(page.caller(), page.profile());
      return answer(e.code().status(), page, form.refused(names, e));
    }
  }

  // The address of a trigger without secrets is a secret itself.
  private static boolean isShownOnce(TriggerView made) {
    return made.secretHints().isEmpty() || !made.secrets().isEmpty();
  }

  /**
   * The page.
   *
   * @param from how many of the newest deliveries are left out
   */
  @GET
  @Path(ONE)
  public RestResponse<String> get(
      PageRequest page,
      @RestPath String task,
      @RestPath String trigger,
      @RestQuery @Nullable String from) {
    TriggerView found = triggers.look(page.caller(), page.profile(), task, trigger, page.service());
    int left = from == null ? 0 : QueryNumber.of("from", from, 0, MOST);
    return shown(page, task, found, left);
  }

  /**
   * Shows an address that needs no signature. This is an explicit action, and the audit records it.
   */
  @POST
  @Path(ONE + "/address")
  public RestResponse<String> address(
      PageRequest page, @RestPath String task, @RestPath String trigger) {
    TriggerView found = triggers.get(page.caller(), page.profile(), task, trigger, page.service());
    return shown(page, task, found, 0);
  }

  /** Lets deliveries start runs. */
  @POST
  @Path(ONE + "/enable")
  public RestResponse<String> enable(
      PageRequest page, @RestPath String task, @RestPath String trigger) {
    return enable(page, task, trigger, true);
  }

  /** Prevents deliveries from starting runs, until it is enabled again. */
  @POST
  @Path(ONE + "/disable")
  public RestResponse<String> disable(
      PageRequest page, @RestPath String task, @RestPath String trigger) {
    return enable(page, task, trigger, false);
  }

  /** Deletes it. */
  @POST
  @Path(ONE + "/delete")
  public RestResponse<String> delete(
      PageRequest page, @RestPath String task, @RestPath String trigger) {
    triggers.delete(page.caller(), page.profile(), task, trigger);
    return page.redirect(page.home() + "/triggers");
  }

  private RestResponse<String> enable(
      PageRequest page, String task, String trigger, boolean enabled) {
    triggers.enable(page.caller(), page.profile(), task, trigger, enabled);
    return page.redirect(PagePaths.trigger(page.home(), task, trigger));
  }

  /** The form of a trigger. */
  @GET
  @Path(ONE + "/edit")
  public RestResponse<String> edit(
      PageRequest page, @RestPath String task, @RestPath String trigger) {
    page.requireEditor("Triggers");
    TriggerView found =
        page.showing(triggers.look(page.caller(), page.profile(), task, trigger, page.service()));
    return answer(200, page, TriggerForm.of(task, found, json));
  }

  /** Changes a trigger; a new secret is shown once. */
  @POST
  @Path(ONE + "/edit")
  public RestResponse<String> change(
      PageRequest page, @RestPath String task, @RestPath String trigger) {
    page.requireEditor("Triggers");
    TriggerView found =
        page.showing(triggers.look(page.caller(), page.profile(), task, trigger, page.service()));
    TriggerForm form = TriggerForm.of(task, found, json).sent(page.form());
    if (page.form().line("show").equals("preview")) {
      return answer(200, page, tried(page, task, trigger, form));
    }
    TriggerView changed;
    try {
      changed =
          triggers
              .put(page.caller(), page.profile(), task, trigger, form.request(json), page.service())
              .trigger();
    } catch (ApiException e) {
      return answer(e.code().status(), page, form.refused(List.of(), e));
    }
    return changed.secrets().isEmpty()
        ? page.redirect(PagePaths.trigger(page.home(), task, trigger))
        : shown(page, task, changed, 0);
  }

  // It is a part of the page, which is not shown where it has the status of an error.
  private TriggerForm tried(PageRequest page, String task, String trigger, TriggerForm form) {
    String address = PagePaths.trigger(page.home(), task, trigger);
    try {
      TriggerFilter filter = form.request(json).filter();
      return form.tried(
          deliveries.tried(page.caller(), page.profile(), task, trigger, filter).stream()
              .map(
                  tried ->
                      new TriedLine(
                          new TriggerDeliveryLine(tried.delivery(), page.home(), task, address),
                          tried.unmet()))
              .toList());
    } catch (ApiException e) {
      return form.refused(List.of(), e);
    }
  }

  private static RestResponse<String> answer(int status, PageRequest page, TriggerForm form) {
    return page.answer(status, CURRENT, TriggerTemplates.triggerForm(form));
  }

  /**
   * The page of a trigger.
   *
   * @param trigger the trigger, with what is to be shown of it
   * @param from how many of the newest deliveries are left out
   */
  private RestResponse<String> shown(PageRequest page, String task, TriggerView trigger, int from) {
    String home = page.home();
    String address = PagePaths.trigger(home, task, trigger.name());
    List<TriggerDeliveryView> all =
        deliveries.list(page.caller(), page.profile(), task, trigger.name());
    int end = Math.min(from + LINES, all.size());
    var _ = page.changed(trigger);
    TriggerPageView view =
        new TriggerPageView(
            home,
            task,
            trigger,
            all.subList(Math.min(from, end), end).stream()
                .map(delivery -> new TriggerDeliveryLine(delivery, home, task, address))
                .toList(),
            end < all.size() ? address + "?from=" + end : null);
    return page.answer(CURRENT, TriggerTemplates.trigger(view));
  }
}
