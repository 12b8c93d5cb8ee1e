package dev.errand.adapters.console.trigger;

import dev.errand.adapters.console.page.Console;
import dev.errand.adapters.console.page.ConsoleLayout;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.trigger.DeliveryPageView.Field;
import dev.errand.automation.trigger.HookRequest;
import dev.errand.automation.trigger.delivery.DeliveryService;
import dev.errand.automation.trigger.delivery.DeliveryService.StoredDelivery;
import dev.errand.base.error.ApiException;
import dev.errand.base.http.QueryNumber;
import dev.errand.base.json.WellFormed;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
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

/** The page of a delivery to a trigger: its body, and a button to replay it. */
@Path("/console/{user}/{profile}/tasks/{task}/triggers/{trigger}/deliveries/{delivery}")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class DeliveryPageResource {
  private static final String CURRENT = TriggerListResource.CURRENT;
  private static final int MOST = 1_000_000;
  // In HTML, each character may become six.
  private static final int LONGEST = 12_000;
  private static final int LONGEST_FIELD = 200;

  private final Console console;
  private final DeliveryService deliveries;

  DeliveryPageResource(Console console, DeliveryService deliveries) {
    this.console = console;
    this.deliveries = deliveries;
  }

  @CheckedTemplate(basePath = "console")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance delivery(ConsoleLayout layout, DeliveryPageView view);

    static native TemplateInstance deliveryBody(DeliveryPageView view);
  }

  /**
   * The page.
   *
   * @param from how many characters of the body are left out
   */
  @GET
  public RestResponse<String> get(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String trigger,
      @RestPath String delivery,
      @RestQuery @Nullable String from) {
    PageRequest visit = console.visit(user, profile, CURRENT);
    int left = from == null ? 0 : QueryNumber.of("from", from, 0, MOST);
    DeliveryPageView view = view(visit, task, trigger, delivery, left, null);
    return console.answer(visit, Templates.delivery(visit.layout(), view));
  }

  /** Only the body, for the list of deliveries. */
  @GET
  @Path("body")
  public RestResponse<String> body(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String trigger,
      @RestPath String delivery) {
    PageRequest visit = console.visit(user, profile, CURRENT);
    return console.answer(
        visit, Templates.deliveryBody(view(visit, task, trigger, delivery, 0, null)));
  }

  /** Replays it, and leads to its run. */
  @POST
  @Path("replay")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> replay(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String trigger,
      @RestPath String delivery,
      @RestForm @Nullable String ticket,
      @Context HttpServerRequest request,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, CURRENT, ticket);
    String run;
    try {
      run =
          deliveries
              .replay(
                  visit.caller(),
                  visit.profile(),
                  task,
                  trigger,
                  delivery,
                  HookRequest.sender(request))
              .name();
    } catch (ApiException e) {
      if (!visit.layout().mayRun()) {
        throw e;
      }
      DeliveryPageView view = view(visit, task, trigger, delivery, 0, Refusal.of(e));
      return console.answer(e.code().status(), visit, Templates.delivery(visit.layout(), view));
    }
    return console.redirect(PagePaths.run(visit.layout().home(), task, run), uri);
  }

  private DeliveryPageView view(
      PageRequest visit,
      String task,
      String trigger,
      String delivery,
      int from,
      @Nullable String message) {
    StoredDelivery found = deliveries.get(visit.caller(), visit.profile(), task, trigger, delivery);
    String address = PagePaths.trigger(visit.layout().home(), task, trigger);
    ReceivedLine line = ReceivedLine.of(found.delivery(), visit.layout().home(), task, address);
    String body = found.body();
    int begin = body == null ? 0 : Math.min(from, body.length());
    int end = body == null ? 0 : Math.min(begin + LONGEST, body.length());
    return new DeliveryPageView(
        task,
        trigger,
        address,
        line,
        found.fields().entrySet().stream()
            .map(field -> new Field(field.getKey(), value(field.getValue())))
            .toList(),
        body == null ? null : body.substring(begin, end),
        body != null && end < body.length() ? line.address() + "?from=" + end : null,
        message);
  }

  private static String value(List<String> values) {
    String value = String.join(", ", values);
    return WellFormed.cut(value, LONGEST_FIELD);
  }
}
