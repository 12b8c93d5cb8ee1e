package dev.errand.adapters.console.profile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.page.Console;
import dev.errand.adapters.console.page.ConsoleLayout;
import dev.errand.adapters.console.page.ListPart;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.profile.ProviderListView.Line;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.Runners;
import dev.errand.runs.provider.ProviderRequest;
import dev.errand.runs.provider.ProviderService;
import dev.errand.runs.provider.ProviderView;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The pages with the providers of the user and of the profile, and the form of each. */
@Path("/console/{user}/{profile}/settings/providers")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ProviderPageResource {
  private static final String CURRENT = "settings";

  private final Console console;
  private final ProviderService providers;
  private final Runners runners;
  private final Json json;

  ProviderPageResource(Console console, ProviderService providers, Runners runners, Json json) {
    this.console = console;
    this.providers = providers;
    this.runners = runners;
    this.json = json;
  }

  @CheckedTemplate(basePath = "console")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance providers(ConsoleLayout layout, ProviderListView view);

    static native TemplateInstance provider(ConsoleLayout layout, ProviderFormView form);
  }

  /** The page with all of them. */
  @GET
  public RestResponse<String> list(
      @RestPath String user,
      @RestPath String profile,
      @RestQuery @Nullable String own,
      @RestQuery @Nullable String shared) {
    PageRequest visit = console.visit(user, profile, CURRENT);
    ListPart<ProviderView> ownPart = part(visit, ProviderHolder.OWN, "own", own);
    ListPart<ProviderView> sharedPart = part(visit, ProviderHolder.PROFILE, "shared", shared);
    ProviderListView view =
        new ProviderListView(
            lines(visit, ProviderHolder.OWN, ownPart.items()),
            ownPart.next(),
            lines(visit, ProviderHolder.PROFILE, sharedPart.items()),
            sharedPart.next());
    return console.answer(visit, Templates.providers(visit.layout(), view));
  }

  private ListPart<ProviderView> part(
      PageRequest visit, ProviderHolder holder, String parameter, @Nullable String cursor) {
    return ListPart.of(
        providers.list(visit.caller(), holder.of(visit)),
        ProviderView::name,
        cursor,
        next -> address(visit) + PagePaths.query(Map.of(parameter, next)));
  }

  private static List<Line> lines(
      PageRequest visit, ProviderHolder holder, List<ProviderView> shown) {
    return shown.stream()
        .map(
            provider -> {
              ModelSettings model = provider.model().any();
              return new Line(
                  provider.name(),
                  provider.slug(),
                  holder.address(visit, provider.name()),
                  text(model.model()),
                  text(model.baseUrl()),
                  text(provider.settings().keyHint()),
                  provider.taskCount());
            })
        .toList();
  }

  /** The form of a new one. */
  @GET
  @Path("{holder}")
  public RestResponse<String> ask(
      @RestPath String user, @RestPath String profile, @RestPath String holder) {
    PageRequest visit = console.visit(user, profile, CURRENT);
    return form(200, visit, empty(visit, ProviderHolder.editable(holder, visit)));
  }

  /** Stores a new one. */
  @POST
  @Path("{holder}")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> create(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String holder,
      MultivaluedMap<String, String> sent,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, CURRENT, sent.getFirst("ticket"));
    ProviderHolder of = ProviderHolder.editable(holder, visit);
    ProviderFields fields = ProviderFields.of(sent);
    try {
      of.requireNew(providers.list(visit.caller(), of.of(visit)), fields.name());
      put(visit, of, fields.name(), fields.request(json.object(), runners));
    } catch (ApiException e) {
      return form(e.code().status(), visit, empty(visit, of).refused(fields, Refusal.of(e)));
    }
    return console.redirect(of.address(visit, fields.name()), uri);
  }

  /** The form of one that is there. */
  @GET
  @Path("{holder}/{provider}")
  public RestResponse<String> edit(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String holder,
      @RestPath String provider) {
    PageRequest visit = console.visit(user, profile, CURRENT);
    ProviderHolder of = ProviderHolder.editable(holder, visit);
    return form(200, visit, filled(visit, of, get(visit, of, provider)));
  }

  /** Changes one. */
  @POST
  @Path("{holder}/{provider}")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> change(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String holder,
      @RestPath String provider,
      MultivaluedMap<String, String> sent,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, CURRENT, sent.getFirst("ticket"));
    ProviderHolder of = ProviderHolder.editable(holder, visit);
    ProviderView known = get(visit, of, provider);
    ProviderFields fields = ProviderFields.of(sent);
    try {
      put(visit, of, provider, fields.request((ObjectNode) json.tree(json.write(known)), runners));
    } catch (ApiException e) {
      return form(
          e.code().status(), visit, filled(visit, of, known).refused(fields, Refusal.of(e)));
    }
    return console.redirect(address(visit), uri);
  }

  /** Lists the models of the provider's server. */
  @POST
  @Path("{holder}/{provider}/check")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> check(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String holder,
      @RestPath String provider,
      @RestForm @Nullable String ticket)
      throws InterruptedException {
    PageRequest visit = console.change(user, profile, CURRENT, ticket);
    ProviderHolder of = ProviderHolder.editable(holder, visit);
    ProviderView known = get(visit, of, provider);
    return form(
        200,
        visit,
        filled(visit, of, known).with(providers.check(visit.caller(), of.of(visit), provider)));
  }

  /** Deletes one that no task uses. */
  @POST
  @Path("{holder}/{provider}/delete")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> delete(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String holder,
      @RestPath String provider,
      @RestForm @Nullable String ticket,
      @Context UriInfo uri) {
    PageRequest visit = console.change(user, profile, CURRENT, ticket);
    ProviderHolder of = ProviderHolder.editable(holder, visit);
    providers.delete(visit.caller(), of.of(visit), provider);
    return console.redirect(address(visit), uri);
  }

  private ProviderView get(PageRequest visit, ProviderHolder holder, String provider) {
    return providers.get(visit.caller(), holder.of(visit), provider);
  }

  private void put(PageRequest visit, ProviderHolder holder, String name, ObjectNode request) {
    var _ =
        providers.put(
            visit.caller(), holder.of(visit), name, json.request(request, ProviderRequest.class));
  }

  private static ProviderFormView empty(PageRequest visit, ProviderHolder holder) {
    return new ProviderFormView(
        true,
        holder.address(visit),
        "",
        holder.text(visit),
        null,
        "",
        "",
        "",
        "",
        List.of(),
        0,
        null);
  }

  private static ProviderFormView filled(
      PageRequest visit, ProviderHolder holder, ProviderView known) {
    ModelSettings model = known.model().any();
    String address = holder.address(visit, known.name());
    return new ProviderFormView(
        false,
        address,
        address,
        holder.text(visit),
        null,
        known.name(),
        text(model.model()),
        text(model.baseUrl()),
        text(known.settings().keyHint()),
        known.tasks(),
        known.taskCount(),
        null);
  }

  private RestResponse<String> form(int status, PageRequest visit, ProviderFormView form) {
    return console.answer(status, visit, Templates.provider(visit.layout(), form));
  }

  private static String address(PageRequest visit) {
    return visit.layout().home() + "/settings/providers";
  }

  private static String text(@Nullable String text) {
    return Optional.ofNullable(text).orElse("");
  }
}
