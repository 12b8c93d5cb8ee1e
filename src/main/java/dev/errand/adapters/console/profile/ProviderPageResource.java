package dev.errand.adapters.console.profile;

import dev.errand.adapters.console.page.ListPart;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.RunnerForms;
import dev.errand.adapters.console.profile.ProviderListView.ProviderLine;
import dev.errand.adapters.console.settings.SettingsResource;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import dev.errand.identity.page.PagePaths;
import dev.errand.runs.provider.ProviderService;
import dev.errand.runs.provider.ProviderView;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The pages with the providers of the user and of the profile, and the form of each. */
@Path("/console/{user}/{profile}/settings/providers")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ProviderPageResource {
  private final ProviderService providers;
  private final RunnerForms forms;
  private final Json json;

  ProviderPageResource(ProviderService providers, RunnerForms forms, Json json) {
    this.providers = providers;
    this.forms = forms;
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
    return page.answer(SettingsResource.CURRENT, ProfileTemplates.providers(view));
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
        .map(provider -> new ProviderLine(provider, holder.address(page, provider.name())))
        .toList();
  }

  /** The form of a new one. */
  @GET
  @Path("{holder}")
  public RestResponse<String> ask(PageRequest page, @RestPath String holder) {
    return answer(
        200, page, ProviderForm.empty(page, ProviderHolder.editable(holder, page), forms));
  }

  /** Stores a new one. */
  @POST
  @Path("{holder}")
  public RestResponse<String> create(PageRequest page, @RestPath String holder) {
    ProviderHolder owner = ProviderHolder.editable(holder, page);
    ProviderForm form = ProviderForm.sent(page, owner, null, page.form(), forms);
    try {
      var _ =
          providers.create(
              page.caller(), owner.profile(page), form.name(), form.request(forms, json));
    } catch (ApiException e) {
      return answer(
          e.code().status(),
          page,
          form.refused(Refusal.withSecrets(forms.refusal(e), page.form())));
    }
    return page.redirect(owner.address(page, form.name()));
  }

  /** The form of an existing one. */
  @GET
  @Path("{holder}/{provider}")
  public RestResponse<String> edit(
      PageRequest page, @RestPath String holder, @RestPath String provider) {
    ProviderHolder owner = ProviderHolder.editable(holder, page);
    return answer(200, page, ProviderForm.of(page, owner, get(page, owner, provider), forms));
  }

  /** Changes one. */
  @POST
  @Path("{holder}/{provider}")
  public RestResponse<String> change(
      PageRequest page, @RestPath String holder, @RestPath String provider) {
    ProviderHolder owner = ProviderHolder.editable(holder, page);
    ProviderForm form =
        ProviderForm.sent(page, owner, get(page, owner, provider), page.form(), forms);
    try {
      var _ =
          providers.put(page.caller(), owner.profile(page), form.name(), form.request(forms, json));
    } catch (ApiException e) {
      return answer(
          e.code().status(),
          page,
          form.refused(Refusal.withSecrets(forms.refusal(e), page.form())));
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
    ProviderForm form = ProviderForm.of(page, owner, get(page, owner, provider), forms);
    return answer(
        200, page, form.with(providers.check(page.caller(), owner.profile(page), provider)));
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
    return page.showing(providers.get(page.caller(), holder.profile(page), provider));
  }

  private static RestResponse<String> answer(int status, PageRequest page, ProviderForm form) {
    return page.answer(status, SettingsResource.CURRENT, ProfileTemplates.provider(form));
  }

  private static String address(PageRequest page) {
    return page.home() + "/settings/providers";
  }
}
