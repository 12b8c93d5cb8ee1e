package dev.errand.adapters.console.profile;

import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.base.error.ApiException;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.runs.provider.ProviderService;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The models of a provider, for the field with the model in the form of a task. */
@Path("/console/{user}/{profile}/models")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ModelPartResource {
  // All names together, so that the part stays small.
  private static final int MOST_CHARACTERS = 40_000;

  private final ProviderService providers;

  ModelPartResource(ProviderService providers) {
    this.providers = providers;
  }

  /**
   * The models that the provider's server lists, or why it lists none.
   *
   * @param provider the provider as a task names it; empty for none
   */
  @GET
  public RestResponse<String> get(PageRequest page, @RestQuery @Nullable String provider)
      throws InterruptedException {
    if (provider == null || provider.isBlank()) {
      return page.answer("tasks", ProfileTemplates.models(List.of(), ""));
    }
    try {
      List<String> all = listed(page, provider);
      String note =
          all.size() == 1 ? "Its server has 1 model." : "Its server has " + all.size() + " models.";
      return page.answer("tasks", ProfileTemplates.models(first(all), note));
    } catch (ApiException e) {
      // The field works without a list.
      return page.answer("tasks", ProfileTemplates.models(List.of(), Refusal.of(e)));
    }
  }

  private List<String> listed(PageRequest page, String provider) throws InterruptedException {
    String own = page.caller().username() + "/";
    String shared = page.profile() + "/";
    String name = provider.substring(provider.lastIndexOf('/') + 1);
    @Nullable ProfileSlug owner = provider.equals(shared + name) ? page.profile() : null;
    return owner == null && !provider.equals(own + name)
        ? List.of()
        : providers.models(page.caller(), owner, name).models();
  }

  private static List<String> first(List<String> all) {
    List<String> first = new ArrayList<>();
    int characters = 0;
    for (String model : all) {
      characters += model.length();
      if (characters > MOST_CHARACTERS) {
        break;
      }
      first.add(model);
    }
    return first;
  }
}
