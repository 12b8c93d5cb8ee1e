package dev.errand.adapters.console.callback;

import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.TaskPlace;
import dev.errand.automation.callback.CallbackService;
import dev.errand.automation.callback.CallbackService.CallbackView;
import dev.errand.automation.callback.ProfileCallbacks;
import dev.errand.automation.delivery.DeliveryView;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.Paging;
import dev.errand.base.http.QueryNumber;
import dev.errand.identity.page.PagePaths;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The pages of callbacks: their list, and each with its deliveries and its buttons. */
@Path("/console/{user}/{profile}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class CallbackPageResource {
  private static final String CURRENT = "callbacks";
  private static final String ONE = "tasks/{task}/callbacks/{callback}";
  private static final int LINES = 20;
  private static final int MOST = 10_000;

  private final ProfileCallbacks listed;
  private final CallbackService callbacks;

  CallbackPageResource(ProfileCallbacks listed, CallbackService callbacks) {
    this.listed = listed;
    this.callbacks = callbacks;
  }

  /** The callbacks of the profile. */
  @GET
  @Path("callbacks")
  public RestResponse<String> list(
      PageRequest page, @RestQuery(Paging.CURSOR) @Nullable String cursor) {
    TaskPlace after = TaskPlace.of(cursor);
    UUID id = after.key().isEmpty() ? ProfileCallbacks.FIRST : id(after.key());
    String home = page.home();
    List<CallbackItem> read =
        listed.list(page.caller(), page.profile(), after.task(), id, TaskPlace.READ).stream()
            .map(callback -> new CallbackItem(callback, home))
            .toList();
    return page.answer(
        CURRENT,
        CallbackTemplates.callbacks(
            TaskPlace.page(read, CallbackItem::place, home + "/callbacks")));
  }

  private static UUID id(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid(Paging.CURSOR, "is not a cursor of this service");
    }
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
      @RestPath String callback,
      @RestQuery @Nullable String from) {
    int left = from == null ? 0 : QueryNumber.of("from", from, 0, MOST);
    return page(200, page, task, callback, left, null);
  }

  /** Sends a delivery again. */
  @POST
  @Path(ONE + "/deliveries/{delivery}/redeliver")
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

  /** Enables a callback that a 410 has disabled. */
  @POST
  @Path(ONE + "/enable")
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
      int status, PageRequest page, String task, String id, int from, @Nullable String message) {
    CallbackView callback =
        callbacks.list(page.caller(), page.profile(), task).stream()
            .filter(present -> present.id().toString().equals(id))
            .findFirst()
            .orElseThrow(
                () ->
                    new ApiException(
                        ErrorCode.CALLBACK_NOT_FOUND,
                        "The task " + task + " no longer has this callback."));
    List<DeliveryView> all = callbacks.deliveries(page.caller(), page.profile(), task, id);
    int end = Math.min(from + LINES, all.size());
    String home = page.home();
    CallbackPageView view =
        new CallbackPageView(
            home,
            task,
            callback,
            all.subList(Math.min(from, end), end).stream()
                .map(delivery -> new DeliveryLine(delivery, home, task))
                .toList(),
            end < all.size() ? PagePaths.callback(home, task, id) + "?from=" + end : null,
            message);
    return page.answer(status, CURRENT, CallbackTemplates.callback(view));
  }
}
