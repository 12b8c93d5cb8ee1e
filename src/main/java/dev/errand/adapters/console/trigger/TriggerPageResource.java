package dev.errand.adapters.console.trigger;

import dev.errand.adapters.console.page.Console;
import dev.errand.adapters.console.page.ConsoleLayout;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.automation.trigger.TriggerService;
import dev.errand.automation.trigger.TriggerView;
import dev.errand.base.http.QueryNumber;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.RestForm;
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

  private final Console console;
  private final TriggerService triggers;
  private final TriggerPageViews views;

  TriggerPageResource(Console console, TriggerService triggers, TriggerPageViews views) {
    this.console = console;
    this.triggers = triggers;
    this.views = views;
  }

  @CheckedTemplate(basePath = "console")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance trigger(ConsoleLayout layout, TriggerPageView view);
  }

  /**
   * The page.
   *
   * @param from how many of the newest deliveries are left out
   */
  @GET
  public RestResponse<String> get(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String trigger,
      @RestQuery @Nullable String from,
      @Context UriInfo uri) {
    PageRequest visit = console.visit(user, profile, CURRENT);
    TriggerView found =
        triggers.look(visit.caller(), visit.profile(), task, trigger, uri.getBaseUri());
    int left = from == null ? 0 : QueryNumber.of("from", from, 0, MOST);
    return console.answer(
        visit, Templates.trigger(visit.layout(), views.of(visit, task, found, left, null)));
  }

  /**
   * Shows an address that needs no signature. This is an explicit action, and the audit records it.
   */
  @POST
  @Path("address")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> address(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String trigger,
      @RestForm @Nullable String ticket,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, CURRENT, ticket);
    TriggerView found =
        triggers.get(visit.caller(), visit.profile(), task, trigger, uri.getBaseUri());
    return console.answer(
        visit, Templates.trigger(visit.layout(), views.of(visit, task, found, 0, null)));
  }

  /** Lets deliveries start runs. */
  @POST
  @Path("enable")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> enable(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String trigger,
      @RestForm @Nullable String ticket,
      @Context UriInfo uri) {
    return enable(console.change(user, profile, CURRENT, ticket), task, trigger, true, uri);
  }

  /** Prevents deliveries from starting runs, until it is enabled again. */
  @POST
  @Path("disable")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> disable(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String trigger,
      @RestForm @Nullable String ticket,
      @Context UriInfo uri) {
    return enable(console.change(user, profile, CURRENT, ticket), task, trigger, false, uri);
  }

  /** Deletes it. */
  @POST
  @Path("delete")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> delete(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String trigger,
      @RestForm @Nullable String ticket,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, CURRENT, ticket);
    triggers.delete(visit.caller(), visit.profile(), task, trigger);
    return console.redirect(visit.layout().home() + "/triggers", uri);
  }

  private RestResponse<String> enable(
      PageRequest visit, String task, String trigger, boolean enabled, UriInfo uri) {
    triggers.enable(visit.caller(), visit.profile(), task, trigger, enabled);
    return console.redirect(PagePaths.trigger(visit.layout().home(), task, trigger), uri);
  }
}
