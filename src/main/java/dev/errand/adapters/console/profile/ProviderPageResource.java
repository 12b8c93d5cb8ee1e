package dev.errand.adapters.console.profile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.page.ListPart;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.profile.ProviderListView.ProviderLine;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.Runners;
import dev.errand.runs.provider.ProviderRequest;
import dev.errand.runs.provider.ProviderService;
import dev.errand.runs.provider.ProviderView;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  private final ProviderService providers;
  private final Runners runners;
  private final Json json;

  ProviderPageResource(ProviderService providers, Runners runners, Json json) {
    this.providers = providers;
    this.runners = runners;
    this.json = json;
  }

  /** The page with all of them. */
  @GET
  public RestResponse<String> list(
      PageRequest page, @RestQuery @Nullable String own, @RestQuery @Nullable String shared) {
    ListPart<ProviderView> ownPart = part(page, ProviderHolder.OWN, "own", own);
    ListPart<ProviderView> sharedPart = part(page, ProviderHolder.PROFILE, "shared", shared);
    ProviderListView view =
        new ProviderListView(
            lines(page, ProviderHolder.OWN, ownPart.items()),
            ownPart.next(),
            lines(page, ProviderHolder.PROFILE, sharedPart.items()),
            sharedPart.next());
    return page.answer(CURRENT, ProfileTemplates.providers(view));
  }

  private ListPart<ProviderView> part(
      PageRequest page, ProviderHolder holder, String parameter, @Nullable String cursor) {
    return ListPart.of(
        providers.list(page.caller(), holder.profile(page)),
        ProviderView::name,
        cursor,
        next -> address(page) + PagePaths.query(Map.of(parameter, next)));
  }

  private static List<ProviderLine> lines(
      PageRequest page, ProviderHolder holder, List<ProviderView> shown) {
    return shown.stream()
        .map(
            provider -> {
              ModelSettings model = provider.model().any();
              return new ProviderLine(
                  provider.name(),
                  provider.slug(),
                  holder.address(page, provider.name()),
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
  public RestResponse<String> ask(PageRequest page, @RestPath String holder) {
    return form(200, page, empty(page, ProviderHolder.editable(holder, page)));
  }

  /** Stores a new one. */
  @POST
  @Path("{holder}")
  public RestResponse<String> create(PageRequest page, @RestPath String holder) {
    MultivaluedMap<String, String> sent = page.form();
    ProviderHolder owner = ProviderHolder.editable(holder, page);
    ProviderFields fields = ProviderFields.of(sent);
    try {
      owner.requireNew(providers.list(page.caller(), owner.profile(page)), fields.name());
      put(page, owner, fields.name(), fields.request(json.object(), runners));
    } catch (ApiException e) {
      return form(e.code().status(), page, empty(page, owner).refused(fields, Refusal.of(e)));
    }
    return page.redirect(owner.address(page, fields.name()));
  }

  /** The form of an existing one. */
  @GET
  @Path("{holder}/{provider}")
  public RestResponse<String> edit(
      PageRequest page, @RestPath String holder, @RestPath String provider) {
    ProviderHolder owner = ProviderHolder.editable(holder, page);
    return form(200, page, filled(page, owner, get(page, owner, provider)));
  }

  /** Changes one. */
  @POST
  @Path("{holder}/{provider}")
  public RestResponse<String> change(
      PageRequest page, @RestPath String holder, @RestPath String provider) {
    MultivaluedMap<String, String> sent = page.form();
    ProviderHolder owner = ProviderHolder.editable(holder, page);
    ProviderView known = get(page, owner, provider);
    ProviderFields fields = ProviderFields.of(sent);
    try {
      put(
          page,
          owner,
          provider,
          fields.request((ObjectNode) json.tree(json.write(known)), runners));
    } catch (ApiException e) {
      return form(
          e.code().status(), page, filled(page, owner, known).refused(fields, Refusal.of(e)));
    }
    return page.redirect(address(page));
  }

  /** Lists the models of the provider's server. */
  @POST
  @Path("{holder}/{provider}/check")
  public RestResponse<String> check(
      PageRequest page, @RestPath String holder, @RestPath String provider)
      throws InterruptedException {
    ProviderHolder owner = ProviderHolder.editable(holder, page);
    ProviderView known = get(page, owner, provider);
    return form(
        200,
        page,
        filled(page, owner, known)
            .with(providers.check(page.caller(), owner.profile(page), provider)));
  }

  /** Deletes one that no task uses. */
  @POST
  @Path("{holder}/{provider}/delete")
  public RestResponse<String> delete(
      PageRequest page, @RestPath String holder, @RestPath String provider) {
    ProviderHolder owner = ProviderHolder.editable(holder, page);
    providers.delete(page.caller(), owner.profile(page), provider);
    return page.redirect(address(page));
  }

  private ProviderView get(PageRequest page, ProviderHolder holder, String provider) {
    return providers.get(page.caller(), holder.profile(page), provider);
  }

  private void put(PageRequest page, ProviderHolder holder, String name, ObjectNode request) {
    var _ =
        providers.put(
            page.caller(),
            holder.profile(page),
            name,
            json.request(request, ProviderRequest.class));
  }

  private static ProviderFormView empty(PageRequest page, ProviderHolder holder) {
    return new ProviderFormView(
        true,
        holder.address(page),
        "",
        holder.text(page),
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
      PageRequest page, ProviderHolder holder, ProviderView known) {
    ModelSettings model = known.model().any();
    String address = holder.address(page, known.name());
    return new ProviderFormView(
        false,
        address,
        address,
        holder.text(page),
        null,
        known.name(),
        text(model.model()),
        text(model.baseUrl()),
        text(known.settings().keyHint()),
        known.tasks(),
        known.taskCount(),
        null);
  }

  private RestResponse<String> form(int status, PageRequest page, ProviderFormView form) {
    return page.answer(status, CURRENT, ProfileTemplates.provider(form));
  }

  private static String address(PageRequest page) {
    return page.home() + "/settings/providers";
  }

  private static String text(@Nullable String text) {
    return Optional.ofNullable(text).orElse("");
  }
}
