package dev.errand.adapters.console.callback;

import dev.errand.adapters.console.callback.CallbackListView.Line;
import dev.errand.adapters.console.page.Console;
import dev.errand.adapters.console.page.ConsoleLayout;
import dev.errand.adapters.console.page.ListPart;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.TaskPlace;
import dev.errand.automation.callback.ProfileCallbacks;
import dev.errand.automation.callback.ProfileCallbacks.Last;
import dev.errand.automation.callback.ProfileCallbacks.Listed;
import dev.errand.base.error.ApiException;
import dev.errand.base.http.Paging;
import dev.errand.base.http.PathId;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The page that lists the callbacks of a profile. */
@Path("/console/{user}/{profile}/callbacks")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class CallbackListResource {
  static final String CURRENT = "callbacks";

  private final Console console;
  private final ProfileCallbacks callbacks;

  CallbackListResource(Console console, ProfileCallbacks callbacks) {
    this.console = console;
    this.callbacks = callbacks;
  }

  @CheckedTemplate(basePath = "console")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance callbacks(ConsoleLayout layout, CallbackListView view);
  }

  /** The page. */
  @GET
  public RestResponse<String> list(
      @RestPath String user,
      @RestPath String profile,
      @RestQuery(Paging.CURSOR) @Nullable String cursor) {
    PageRequest visit = console.visit(user, profile, CURRENT);
    TaskPlace after = TaskPlace.of(cursor);
    List<Listed> read =
        callbacks.list(
            visit.caller(),
            visit.profile(),
            after.task(),
            after.key().isEmpty() ? ProfileCallbacks.FIRST : id(after.key()),
            TaskPlace.READ);
    String home = visit.layout().home();
    ListPart<Listed> page =
        TaskPlace.page(
            read,
            listed -> new TaskPlace(listed.task(), listed.callback().id().toString()),
            home + "/callbacks");
    CallbackListView view =
        new CallbackListView(
            page.items().stream().map(listed -> line(listed, home)).toList(), page.next());
    return console.answer(visit, Templates.callbacks(visit.layout(), view));
  }

  private static Line line(Listed listed, String home) {
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
