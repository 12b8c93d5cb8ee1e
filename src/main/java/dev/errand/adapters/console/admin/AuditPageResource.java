package dev.errand.adapters.console.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.adapters.console.admin.AuditPageView.AuditRow;
import dev.errand.adapters.console.admin.AuditPageView.ChangedField;
import dev.errand.adapters.console.admin.AuditPageView.Filter;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.ListPart;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.Texts;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The page with the audit, for admins. */
@Path("/console/{user}/{profile}/settings/audit")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class AuditPageResource {

  private static final String LINES = "50";
  private static final int MOST_CHANGES = 5;
  private static final int LONGEST_CHANGE = 60;
  private static final int LONGEST_OBJECT = 200;

  private final AuditService audit;

  AuditPageResource(AuditService audit) {
    this.audit = audit;
  }

  /** The page. */
  @GET
  public RestResponse<String> get(
      PageRequest page,
      @RestQuery @Nullable String actor,
      @RestQuery @Nullable String action,
      @RestQuery @Nullable String object,
      @RestQuery @Nullable String from,
      @RestQuery @Nullable String to,
      @RestQuery(Paging.CURSOR) @Nullable String cursor) {
    page.requireAdmin();
    Filter filter =
        new Filter(
            Texts.given(actor),
            Texts.given(action),
            Texts.given(object),
            Texts.given(from),
            Texts.given(to));
    Paging.Part part = Paging.Part.of(LINES, cursor);
    List<AuditLine> read;
    try {
      read = audit.list(page.caller(), selection(filter), part);
    } catch (ApiException e) {
      if (e.code() != ErrorCode.INVALID_INPUT) {
        throw e;
      }
      return answer(e.code().status(), page, filter, List.of(), null, Refusal.of(e));
    }
    ListPart<AuditLine> shown =
        ListPart.first(read, part.limit(), AuditService::key, next -> address(page, filter, next));
    return answer(
        200,
        page,
        filter,
        shown.items().stream().map(AuditPageResource::line).toList(),
        shown.next(),
        null);
  }

  private RestResponse<String> answer(
      int status,
      PageRequest page,
      Filter filter,
      List<AuditRow> lines,
      @Nullable String next,
      @Nullable String message) {
    List<String> actions = Arrays.stream(AuditAction.values()).map(AuditAction::code).toList();
    return page.answer(
        status,
        AdminTemplates.CURRENT,
        AdminTemplates.audit(
            new AuditPageView(filter, actions, lines, next, !filter.isEmpty(), message)));
  }

  private static AuditSelection selection(Filter filter) {
    return AuditSelection.of(
        Texts.givenOrNull(filter.actor()),
        Texts.givenOrNull(filter.action()),
        Texts.givenOrNull(filter.object()),
        Texts.givenOrNull(Texts.utc(filter.from())),
        Texts.givenOrNull(Texts.utc(filter.to())));
  }

  private static AuditRow line(AuditLine line) {
    List<ChangedField> changes =
        line.changes().properties().stream()
            .limit(MOST_CHANGES)
            .map(change -> new ChangedField(brief(change.getKey()), text(change.getValue())))
            .toList();
    return new AuditRow(
        PageTime.of(line.at()),
        line.actor().user(),
        by(line.actor()),
        line.action(),
        Excerpt.of(line.object(), LONGEST_OBJECT),
        changes,
        line.changes().size() - changes.size(),
        line.address());
  }

  private static String by(AuditLine.Actor actor) {
    String client = actor.client();
    if (client != null) {
      return brief(client);
    }
    return actor.token() == null ? "" : "token " + actor.token();
  }

  private static String text(JsonNode change) {
    if (!change.has("from") && !change.has("to")) {
      return "changed";
    }
    return textOf(change.path("from")) + " → " + textOf(change.path("to"));
  }

  private static String textOf(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "nothing";
    }
    return brief(value.isTextual() ? value.asText() : value.toString());
  }

  private static String brief(String text) {
    return Excerpt.of(text, LONGEST_CHANGE);
  }

  private static String address(PageRequest page, Filter filter, String cursor) {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("actor", filter.actor());
    query.put("action", filter.action());
    query.put("object", filter.object());
    query.put("from", filter.from());
    query.put("to", filter.to());
    query.put(Paging.CURSOR, cursor);
    return page.home() + "/settings/audit" + PagePaths.query(query);
  }
}
