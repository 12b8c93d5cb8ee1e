package dev.errand.adapters.console.callback;

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

/** The page of a callback with its deliveries, and its buttons. */
@Path("/console/{user}/{profile}/tasks/{task}/callbacks/{callback}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class CallbackDeliveriesResource {
  private static final String CURRENT = CallbackListResource.CURRENT;
  private static final int LINES = 20;
  private static final int MOST = 10_000;

  private final CallbackService callbacks;

  CallbackDeliveriesResource(CallbackService callbacks) {
    this.callbacks = callbacks;
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
      @RestPath String callback,
      @RestQuery @Nullable String from) {
    int left = from == null ? 0 : QueryNumber.of("from", from, 0, MOST);
    return page(200, page, task, callback, left, null);
  }

  /** Sends a delivery again. */
  @POST
  @Path("deliveries/{delivery}/redeliver")
  public RestResponse<String> redeliver(
      PageRequest page,
      @RestPath String task,
      @RestPath String callback,
      @RestPath String delivery) {
    return done(
        page,
        task,
        callback,
        () -> callbacks.redeliver(page.caller(), page.profile(), task, callback, delivery));
  }

  /** Enables a callback that its receiver has switched off. */
  @POST
  @Path("enable")
  public RestResponse<String> enable(
      PageRequest page, @RestPath String task, @RestPath String callback) {
    return done(
        page,
        task,
        callback,
        () -> callbacks.enable(page.caller(), page.profile(), task, callback));
  }

  // The action of a button; if it is refused, the page says why.
  private RestResponse<String> done(PageRequest page, String task, String callback, Runnable step) {
    try {
      step.run();
    } catch (ApiException e) {
      return page(e.code().status(), page, task, callback, 0, Refusal.of(e));
    }
    return page.redirect(PagePaths.callback(page.home(), task, callback));
  }

  private RestResponse<String> page(
      int status,
      PageRequest page,
      String task,
      String callback,
      int from,
      @Nullable String message) {
    CallbackView found =
        callbacks.list(page.caller(), page.profile(), task).stream()
            .filter(known -> known.id().toString().equals(callback))
            .findFirst()
            .orElseThrow(
                () ->
                    new ApiException(
                        ErrorCode.CALLBACK_NOT_FOUND,
                        "The task " + task + " no longer has this callback."));
    List<CallbackDelivery> all =
        callbacks.deliveries(page.caller(), page.profile(), task, callback);
    int end = Math.min(from + LINES, all.size());
    String home = page.home();
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
    return page.answer(status, CURRENT, CallbackTemplates.callback(view));
  }
}
