package dev.errand.adapters.console.callback;

import dev.errand.adapters.console.callback.CallbackListView.Line;
import dev.errand.adapters.console.page.ListPart;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.TaskPlace;
import dev.errand.automation.callback.ProfileCallbacks;
import dev.errand.automation.callback.ProfileCallbacks.Last;
import dev.errand.automation.callback.ProfileCallbacks.ListedCallback;
import dev.errand.base.error.ApiException;
import dev.errand.base.http.Paging;
import dev.errand.base.http.PathId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The page that lists the callbacks of a profile. */
@Path("/console/{user}/{profile}/callbacks")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class CallbackListResource {
  static final String CURRENT = "callbacks";

  private final ProfileCallbacks callbacks;

  CallbackListResource(ProfileCallbacks callbacks) {
    this.callbacks = callbacks;
  }

  /** The page. */
  @GET
  public RestResponse<String> list(
      PageRequest page, @RestQuery(Paging.CURSOR) @Nullable String cursor) {
    TaskPlace after = TaskPlace.of(cursor);
    List<ListedCallback> read =
        callbacks.list(
            page.caller(),
            page.profile(),
            after.task(),
            after.key().isEmpty() ? ProfileCallbacks.FIRST : id(after.key()),
            TaskPlace.READ);
    String home = page.home();
    ListPart<ListedCallback> shown =
        TaskPlace.page(
            read,
            listed -> new TaskPlace(listed.task(), listed.callback().id().toString()),
            home + "/callbacks");
    CallbackListView view =
        new CallbackListView(
            shown.items().stream().map(listed -> line(listed, home)).toList(), shown.next());
    return page.answer(CURRENT, CallbackTemplates.callbacks(view));
  }

  private static Line line(ListedCallback listed, String home) {
    Last last = listed.last();
    return new Line(
        listed.callback().url(),
        PagePaths.callback(home, listed.task(), listed.callback().id().toString()),
        listed.task(),
        PagePaths.task(home, listed.task()),
        String.join(", ", listed.callback().events()),
        listed.callback().enabled(),
        last == null ? null : last.state(),
        last == null ? "" : DeliveryLine.mark(last.state()),
        last == null ? null : PageTime.of(last.happenedAt()));
  }

  private static UUID id(String text) {
    return PathId.of(text)
        .orElseThrow(() -> ApiException.invalid(Paging.CURSOR, "is not a cursor of this service"));
  }
}
