package dev.errand.adapters.console.settings;

import dev.errand.adapters.console.page.Console;
import dev.errand.adapters.console.page.ConsoleLayout;
import dev.errand.adapters.console.page.ListPart;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.Texts;
import dev.errand.adapters.console.settings.TokenPageView.Line;
import dev.errand.adapters.console.settings.TokenPageView.Made;
import dev.errand.adapters.console.settings.TokenPageView.TokenForm;
import dev.errand.base.error.ApiException;
import dev.errand.base.http.Paging;
import dev.errand.identity.token.TokenService;
import dev.errand.identity.token.TokenView;
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
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The page with the tokens of the user, and for admins with those of a service. */
@Path("/console/{user}/{profile}/settings/tokens")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class TokenPageResource {
  private static final String SERVICE = "service";

  private final Console console;
  private final TokenService tokens;
  private final TokenForms forms;
  private final Clock clock;

  TokenPageResource(Console console, TokenService tokens, TokenForms forms, Clock clock) {
    this.console = console;
    this.tokens = tokens;
    this.forms = forms;
    this.clock = clock;
  }

  @CheckedTemplate(basePath = "console")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance tokens(ConsoleLayout layout, TokenPageView view);
  }

  /** The page. */
  @GET
  public RestResponse<String> get(
      @RestPath String user,
      @RestPath String profile,
      @RestQuery(SERVICE) @Nullable String service,
      @RestQuery(Paging.CURSOR) @Nullable String cursor) {
    PageRequest visit = console.visit(user, profile, SettingsResource.CURRENT);
    return page(200, visit, Texts.given(service), cursor, forms.empty(visit.caller()), null);
  }

  /** Creates a token. Only this page shows its text. */
  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> make(
      @RestPath String user, @RestPath String profile, MultivaluedMap<String, String> sent) {
    PageRequest visit =
        console.change(user, profile, SettingsResource.CURRENT, sent.getFirst("ticket"));
    String service = Texts.given(sent.getFirst(SERVICE));
    TokenView made;
    try {
      made = tokens.create(visit.caller(), forms.request(sent, service));
    } catch (ApiException e) {
      TokenForm again = forms.refused(visit.caller(), sent, Refusal.of(e));
      return page(e.code().status(), visit, service, null, again, null);
    }
    return page(
        201,
        visit,
        service,
        null,
        forms.empty(visit.caller()),
        new Made(made.name(), String.valueOf(made.token())));
  }

  /** Revokes a token. */
  @POST
  @Path("{token}/revoke")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> revoke(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String token,
      @RestForm @Nullable String ticket,
      @RestQuery(SERVICE) @Nullable String service,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, SettingsResource.CURRENT, ticket);
    tokens.delete(visit.caller(), token);
    return console.redirect(address(visit) + query(Texts.given(service)), uri);
  }

  private RestResponse<String> page(
      int status,
      PageRequest visit,
      String service,
      @Nullable String cursor,
      TokenForm form,
      @Nullable Made made) {
    Instant now = clock.instant();
    ListPart<TokenView> shown =
        ListPart.of(
            tokens.list(visit.caller(), service.isEmpty() ? null : service),
            token -> token.id().toString(),
            cursor,
            next ->
                address(visit) + PagePaths.query(Map.of(SERVICE, service, Paging.CURSOR, next)));
    List<Line> lines =
        shown.items().stream().map(token -> line(visit, service, token, now)).toList();
    return console.answer(
        status,
        visit,
        Templates.tokens(
            visit.layout(), new TokenPageView(service, lines, shown.next(), form, made)));
  }

  private static Line line(PageRequest visit, String service, TokenView token, Instant now) {
    Instant end = token.expiresAt();
    return new Line(
        token.name(),
        address(visit) + "/" + token.id() + "/revoke" + query(service),
        String.join(", ", token.scopes()),
        Texts.few(
            Stream.of(token.profiles(), token.tasks())
                .flatMap(limits -> limits == null ? Stream.empty() : limits.stream())
                .toList()),
        PageTime.of(token.createdAt()),
        PageTime.orNull(token.lastUsedAt()),
        PageTime.orNull(end),
        end != null && !end.isAfter(now));
  }

  private static String address(PageRequest visit) {
    return visit.layout().home() + "/settings/tokens";
  }

  private static String query(String service) {
    return service.isEmpty() ? "" : PagePaths.query(Map.of(SERVICE, service));
  }
}
