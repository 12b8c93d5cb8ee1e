package dev.errand.adapters.console.admin;

import dev.errand.adapters.console.page.ListFilter;
import dev.errand.adapters.console.page.ListPart;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.Texts;
import dev.errand.adapters.console.settings.SettingsResource;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.Paging;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.audit.AuditLine;
import dev.errand.identity.audit.AuditSelection;
import dev.errand.identity.audit.AuditService;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The page with the audit, for admins. */
@Path("/console/{user}/{profile}/settings/audit")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class AuditPageResource {
  private static final String LINES = "50";

  private final AuditService audit;

  AuditPageResource(AuditService audit) {
    this.audit = audit;
  }

  /** The page. */
  @GET
  public RestResponse<String> get(
      PageRequest page, @RestQuery(Paging.CURSOR) @Nullable String cursor) {
    page.requireAdmin();
    ListFilter filter = ListFilter.of(page, "actor", "action", "object", "from", "to");
    try {
      Paging.Part part = Paging.Part.of(LINES, cursor);
      ListPart<AuditLine> lines =
          ListPart.of(
              audit.list(page.caller(), selection(filter), part),
              AuditService::key,
              next -> page.home() + "/settings/audit" + filter.query(next));
      List<AuditRow> rows = lines.items().stream().map(AuditRow::of).toList();
      return answer(200, page, filter, new ListPart<>(rows, lines.next()), null);
    } catch (ApiException e) {
      if (e.code() != ErrorCode.INVALID_INPUT) {
        throw e;
      }
      ListPart<AuditRow> none = new ListPart<>(List.of(), null);
      return answer(e.code().status(), page, filter, none, Refusal.of(e));
    }
  }

  private static RestResponse<String> answer(
      int status,
      PageRequest page,
      ListFilter filter,
      ListPart<AuditRow> rows,
      @Nullable String message) {
    List<String> actions = Arrays.stream(AuditAction.values()).map(AuditAction::code).toList();
    return page.answer(
        status, SettingsResource.CURRENT, AdminTemplates.audit(filter, actions, rows, message));
  }

  private static AuditSelection selection(ListFilter filter) {
    return AuditSelection.of(
        Texts.givenOrNull(filter.get("actor")),
        Texts.givenOrNull(filter.get("action")),
        Texts.givenOrNull(filter.get("object")),
        Texts.givenOrNull(filter.time("from")),
        Texts.givenOrNull(filter.time("to")));
  }
}
