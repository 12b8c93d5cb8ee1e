package dev.errand.adapters.console.trigger;

import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.trigger.TriggerDeliveryPageView.Field;
import dev.errand.automation.trigger.HookRequest;
import dev.errand.automation.trigger.TriggerDeliveryService;
import dev.errand.automation.trigger.TriggerDeliveryService.StoredDelivery;
import dev.errand.base.error.ApiException;
import dev.errand.base.http.QueryNumber;
import dev.errand.base.json.WellFormed;
import dev.errand.identity.page.PagePaths;
import dev.errand.tools.mcp.wire.VisibleText;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The page of a delivery to a trigger: its body, and a button to replay it. */
@Path("/console/{user}/{profile}/tasks/{task}/triggers/{trigger}/deliveries/{delivery}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class TriggerDeliveryPageResource {
  private static final String CURRENT = TriggerPageResource.CURRENT;
  private static final int MOST = 1_000_000;
  // In HTML, each character may become six.
  private static final int LONGEST = 12_000;
  private static final int LONGEST_FIELD = 200;

  private final TriggerDeliveryService deliveries;

  TriggerDeliveryPageResource(TriggerDeliveryService deliveries) {
    this.deliveries = deliveries;
  }

  /**
   * The page.
   *
   * @param from how many characters of the body are left out
   */
  @GET
  public RestResponse<String> get(
      PageRequest page,
      @RestPath String task,
      @RestPath String trigger,
      @RestPath String delivery,
      @RestQuery @Nullable String from) {
    int left = from == null ? 0 : QueryNumber.of("from", from, 0, MOST);
    TriggerDeliveryPageView view = view(page, task, trigger, delivery, left, null);
    return page.answer(CURRENT, TriggerTemplates.delivery(view));
  }

  /** Only the body, for the list of deliveries. */
  @GET
  @Path("body")
  public RestResponse<String> body(
      PageRequest page,
      @RestPath String task,
      @RestPath String trigger,
      @RestPath String delivery) {
    return page.answer(
        CURRENT, TriggerTemplates.deliveryBody(view(page, task, trigger, delivery, 0, null)));
  }

  /** Replays it, and leads to its run. */
  @POST
  @Path("replay")
  public RestResponse<String> replay(
      PageRequest page,
      @RestPath String task,
      @RestPath String trigger,
      @RestPath String delivery,
      @Context HttpServerRequest request) {
    String run;
    try {
      run =
          deliveries
              .replay(
                  page.caller(),
                  page.profile(),
                  task,
                  trigger,
                  delivery,
                  HookRequest.sender(request))
              .name();
    } catch (ApiException e) {
      if (!page.mayRun()) {
        throw e;
      }
      TriggerDeliveryPageView view = view(page, task, trigger, delivery, 0, Refusal.of(e));
      return page.answer(e.code().status(), CURRENT, TriggerTemplates.delivery(view));
    }
    return page.redirect(PagePaths.run(page.home(), task, run));
  }

  private TriggerDeliveryPageView view(
      PageRequest page,
      String task,
      String trigger,
      String delivery,
      int from,
      @Nullable String message) {
    StoredDelivery found = deliveries.get(page.caller(), page.profile(), task, trigger, delivery);
    String address = PagePaths.trigger(page.home(), task, trigger);
    TriggerDeliveryLine line =
        new TriggerDeliveryLine(found.delivery(), page.home(), task, address);
    String body = found.body();
    int begin = body == null ? 0 : WellFormed.boundary(body, Math.min(from, body.length()));
    int end =
        body == null ? 0 : WellFormed.boundary(body, Math.min(begin + LONGEST, body.length()));
    return new TriggerDeliveryPageView(
        task,
        trigger,
        address,
        line,
        found.fields().entrySet().stream()
            .map(field -> new Field(field.getKey(), value(field.getValue())))
            .toList(),
        body == null ? null : VisibleText.ofProse(body.substring(begin, end)),
        body != null && end < body.length() ? line.address() + "?from=" + end : null,
        message);
  }

  private static String value(List<String> values) {
    String value = String.join(", ", values);
    return Excerpt.of(value, LONGEST_FIELD);
  }
}
