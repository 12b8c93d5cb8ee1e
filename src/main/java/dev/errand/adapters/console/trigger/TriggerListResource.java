package dev.errand.adapters.console.trigger;

import dev.errand.adapters.console.page.ListPart;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.TaskPlace;
import dev.errand.adapters.console.trigger.TriggerListView.Line;
import dev.errand.automation.trigger.ProfileTriggers;
import dev.errand.automation.trigger.ProfileTriggers.Last;
import dev.errand.automation.trigger.ProfileTriggers.ListedTrigger;
import dev.errand.base.http.Paging;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The page that lists the triggers of a profile. */
@Path("/console/{user}/{profile}/triggers")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class TriggerListResource {
  static final String CURRENT = "triggers";

  private final ProfileTriggers triggers;

  TriggerListResource(ProfileTriggers triggers) {
    this.triggers = triggers;
  }

  /** The page. */
  @GET
  public RestResponse<String> list(
      PageRequest page, @RestQuery(Paging.CURSOR) @Nullable String cursor) {
    TaskPlace after = TaskPlace.of(cursor);
    List<ListedTrigger> read =
        triggers.list(page.caller(), page.profile(), after.task(), after.key(), TaskPlace.READ);
    String home = page.home();
    ListPart<ListedTrigger> shown =
        TaskPlace.page(
            read, listed -> new TaskPlace(listed.task(), listed.name()), home + "/triggers");
    TriggerListView view =
        new TriggerListView(
            shown.items().stream().map(listed -> line(listed, home)).toList(), shown.next());
    return page.answer(CURRENT, TriggerTemplates.triggers(view));
  }

  private static Line line(ListedTrigger listed, String home) {
    Last last = listed.last();
    return new Line(
        listed.name(),
        PagePaths.trigger(home, listed.task(), listed.name()),
        listed.task(),
        PagePaths.task(home, listed.task()),
        TriggerForm.words(listed.scheme()),
        listed.enabled(),
        PageTime.orNull(listed.expiresAt()),
        last == null ? null : last.verdict(),
        last == null ? "" : ReceivedLine.mark(last.verdict()),
        last == null ? null : last.code(),
        last == null ? null : PageTime.of(last.receivedAt()));
  }
}
