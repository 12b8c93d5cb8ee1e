package dev.errand.adapters.console.settings;

import dev.errand.adapters.console.page.ListPart;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.adapters.console.page.Texts;
import dev.errand.adapters.console.settings.TokenPageView.MadeToken;
import dev.errand.adapters.console.settings.TokenPageView.TokenLine;
import dev.errand.adapters.console.task.RunFormReader;
import dev.errand.base.error.ApiException;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.http.Paging;
import dev.errand.identity.account.Scope;
import dev.errand.identity.page.PagePaths;
import dev.errand.identity.token.NewToken;
import dev.errand.identity.token.TokenRequest;
import dev.errand.identity.token.TokenService;
import dev.errand.identity.token.TokenView;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
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

  private final TokenService tokens;
  private final RunFormReader runs;
  private final Clock clock;

  TokenPageResource(TokenService tokens, RunFormReader runs, Clock clock) {
    this.tokens = tokens;
    this.runs = runs;
    this.clock = clock;
  }

  /** The page. */
  @GET
  public RestResponse<String> get(
      PageRequest page,
      @RestQuery(SERVICE) @Nullable String service,
      @RestQuery(Paging.CURSOR) @Nullable String cursor) {
    return page(200, page, Texts.given(service), cursor, TokenForm.empty(page.caller()), null);
  }

  /** Creates a token. Only this page shows its text. */
  @POST
  public RestResponse<String> make(PageRequest page) {
    SentForm sent = page.form();
    String service = sent.line(SERVICE);
    TokenForm form = new TokenForm(page.caller(), sent, null);
    NewToken made;
    try {
      made = tokens.create(page.caller(), form.request(service, clock.instant()));
    } catch (ApiException e) {
      TokenForm again =
          new TokenForm(page.caller(), sent, Refusal.of(e, DeclaredFields.of(TokenRequest.class)));
      return page(e.code().status(), page, service, null, again, null);
    }
    return page(
        201, page, service, null, TokenForm.empty(page.caller()), made(page, made, service));
  }

  /**
   * A command that starts a run where the token is limited to a task and may, or else reads what
   * the token may see, if only whose it is.
   */
  private MadeToken made(PageRequest page, NewToken made, String service) {
    TokenView view = made.view();
    boolean mayRun = view.scopes().contains(Scope.RUN.code());
    boolean seesRuns = mayRun || view.scopes().contains(Scope.READ.code());
    List<String> tasks = Objects.requireNonNullElse(view.tasks(), List.of());
    List<String> profiles = Objects.requireNonNullElse(view.profiles(), List.of());
    List<String> place =
        Stream.of(
                tasks.stream(),
                profiles.stream(),
                service.isEmpty() ? Stream.of(page.profile().toString()) : Stream.<String>empty())
            .flatMap(Function.identity())
            .findFirst()
            .map(limit -> List.of(limit.split("/")))
            .orElse(List.of());
    // A task of which there is a warning does not exist.
    boolean starts = mayRun && tasks.size() == 1 && made.warnings().isEmpty();
    String path;
    if (starts) {
      path = "api/profiles/%s/%s/tasks/%s/runs/".formatted(place.toArray()) + runs.newName();
    } else if (seesRuns && !place.isEmpty()) {
      path = "api/profiles/%s/%s/runs?limit=3".formatted(place.toArray());
    } else {
      path = "api/users/~";
    }
    String command =
        "export ERRAND_TOKEN=%s\ncurl -sS%s -H \"Authorization: Bearer $ERRAND_TOKEN\" '%s'"
            .formatted(made.token(), starts ? " -X PUT" : "", page.service().resolve(path));
    return new MadeToken(
        view.name(),
        made.token(),
        command,
        starts,
        made.warnings().stream().map(NewToken.TokenWarning::message).toList());
  }

  /** Revokes a token. */
  @POST
  @Path("{token}/revoke")
  public RestResponse<String> revoke(
      PageRequest page, @RestPath String token, @RestQuery(SERVICE) @Nullable String service) {
    tokens.delete(page.caller(), token);
    return page.redirect(address(page) + query(Texts.given(service)));
  }

  private RestResponse<String> page(
      int status,
      PageRequest page,
      String service,
      @Nullable String cursor,
      TokenForm form,
      @Nullable MadeToken made) {
    Instant now = clock.instant();
    ListPart<TokenView> shown =
        ListPart.of(
            tokens.list(page.caller(), service.isEmpty() ? null : service),
            token -> token.id().toString(),
            cursor,
            next -> address(page) + PagePaths.query(Map.of(SERVICE, service, Paging.CURSOR, next)));
    List<TokenLine> lines =
        shown.items().stream().map(token -> line(page, service, token, now)).toList();
    return page.answer(
        status,
        SettingsResource.CURRENT,
        SettingsTemplates.tokens(new TokenPageView(service, lines, shown.next(), form, made)));
  }

  private static TokenLine line(PageRequest page, String service, TokenView token, Instant now) {
    Instant end = token.expiresAt();
    return new TokenLine(
        token.name(),
        address(page) + "/" + token.id() + "/revoke" + query(service),
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

  private static String address(PageRequest page) {
    return page.home() + "/settings/tokens";
  }

  private static String query(String service) {
    return service.isEmpty() ? "" : PagePaths.query(Map.of(SERVICE, service));
  }
}
