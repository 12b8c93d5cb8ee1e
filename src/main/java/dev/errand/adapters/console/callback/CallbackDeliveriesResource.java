package dev.errand.adapters.console.callback;

import dev.errand.adapters.console.page.Console;
import dev.errand.adapters.console.page.ConsoleLayout;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.automation.callback.CallbackDelivery;
import dev.errand.automation.callback.CallbackService;
import dev.errand.automation.callback.CallbackService.CallbackView;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
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
import java.util.List;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The page of a callback with its deliveries, and its buttons. */
@Path("/console/{user}/{profile}/tasks/{task}/callbacks/{callback}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class CallbackDeliveriesResource {
  private static final String CURRENT = CallbackListResource.CURRENT;
  private static final int LINES = 20;
  private static final int MOST = 10_000;

  private final Console console;
  private final CallbackService callbacks;

  CallbackDeliveriesResource(Console console, CallbackService callbacks) {
    this.console = console;
    this.callbacks = callbacks;
  }

  @CheckedTemplate(basePath = "console")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance callback(ConsoleLayout layout, CallbackPageView view);
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
      @RestPath String callback,
      @RestQuery @Nullable String from) {
    PageRequest visit = console.visit(user, profile, CURRENT);
    int left = from == null ? 0 : QueryNumber.of("from", from, 0, MOST);
    return page(200, visit, task, callback, left, null);
  }

  /** Sends a delivery again. */
  @POST
  @Path("deliveries/{delivery}/redeliver")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> redeliver(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String callback,
      @RestPath String delivery,
      @RestForm @Nullable String ticket,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, CURRENT, ticket);
    return done(
        visit,
        task,
        callback,
        uri,
        () -> callbacks.redeliver(visit.caller(), visit.profile(), task, callback, delivery));
  }

  /** Enables a callback that its receiver has switched off. */
  @POST
  @Path("enable")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> enable(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String callback,
      @RestForm @Nullable String ticket,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, CURRENT, ticket);
    return done(
        visit,
        task,
        callback,
        uri,
        () -> callbacks.enable(visit.caller(), visit.profile(), task, callback));
  }

  // The action of a button; if it is refused, the page says why.
  private RestResponse<String> done(
      PageRequest visit, String task, String callback, UriInfo uri, Runnable step) {
    try {
      step.run();
    } catch (ApiException e) {
      return page(e.code().status(), visit, task, callback, 0, Refusal.of(e));
    }
    return console.redirect(PagePaths.callback(visit.layout().home(), task, callback), uri);
  }

  private RestResponse<String> page(
      int status,
      PageRequest visit,
      String task,
      String callback,
      int from,
      @Nullable String message) {
    CallbackView found =
        callbacks.list(visit.caller(), visit.profile(), task).stream()
            .filter(known -> known.id().toString().equals(callback))
            .findFirst()
            .orElseThrow(
                () ->
                    new ApiException(
                        ErrorCode.CALLBACK_NOT_FOUND,
                        "The task " + task + " no longer has this callback."));
    List<CallbackDelivery> all =
        callbacks.deliveries(visit.caller(), visit.profile(), task, callback);
    int end = Math.min(from + LINES, all.size());
    String home = visit.layout().home();
    String address = PagePaths.callback(home, task, callback);
    CallbackPageView view =
        new CallbackPageView(
            task,
            PagePaths.task(home, task),
            address,
            found.url(),
            String.join(", ", found.events()),
            String.join(", ", found.include()),
            String.join(", ", found.secretHints()),
            PageTime.orNull(found.disabledAt()),
            all.subList(Math.min(from, end), end).stream()
                .map(delivery -> DeliveryLine.of(delivery, home, task))
                .toList(),
            end < all.size() ? address + "?from=" + end : null,
            message);
    return console.answer(status, visit, Templates.callback(visit.layout(), view));
  }
}
