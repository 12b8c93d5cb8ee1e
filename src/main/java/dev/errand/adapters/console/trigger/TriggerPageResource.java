package dev.errand.adapters.console.trigger;

import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.automation.trigger.TriggerService;
import dev.errand.automation.trigger.TriggerView;
import dev.errand.base.http.QueryNumber;
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

/** The page of a trigger with its deliveries, and its buttons. */
@Path("/console/{user}/{profile}/tasks/{task}/triggers/{trigger}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class TriggerPageResource {
  private static final String CURRENT = TriggerListResource.CURRENT;
  private static final int MOST = 10_000;

  private final TriggerService triggers;
  private final TriggerPageViews views;

  TriggerPageResource(TriggerService triggers, TriggerPageViews views) {
    this.triggers = triggers;
    this.views = views;
  }

  /**
   * The page.
   *
   * @param from how many of the newest deliveries are left out
   */
  @GET
  public RestResponse<String> get(
      PageRequest page,
      @RestPath String task,
      @RestPath String trigger,
      @RestQuery @Nullable String from) {
    TriggerView found = triggers.look(page.caller(), page.profile(), task, trigger, page.service());
    int left = from == null ? 0 : QueryNumber.of("from", from, 0, MOST);
    return page.answer(CURRENT, TriggerTemplates.trigger(views.of(page, task, found, left, null)));
  }

  /**
   * Shows an address that needs no signature. This is an explicit action, and the audit records it.
   */
  @POST
  @Path("address")
  public RestResponse<String> address(
      PageRequest page, @RestPath String task, @RestPath String trigger) {
    TriggerView found = triggers.get(page.caller(), page.profile(), task, trigger, page.service());
    return page.answer(CURRENT, TriggerTemplates.trigger(views.of(page, task, found, 0, null)));
  }

  /** Lets deliveries start runs. */
  @POST
  @Path("enable")
  public RestResponse<String> enable(
      PageRequest page, @RestPath String task, @RestPath String trigger) {
    return enable(page, task, trigger, true);
  }

  /** Prevents deliveries from starting runs, until it is enabled again. */
  @POST
  @Path("disable")
  public RestResponse<String> disable(
      PageRequest page, @RestPath String task, @RestPath String trigger) {
    return enable(page, task, trigger, false);
  }

  /** Deletes it. */
  @POST
  @Path("delete")
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
}
