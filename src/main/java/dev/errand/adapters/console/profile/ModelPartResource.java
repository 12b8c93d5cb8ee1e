package dev.errand.adapters.console.profile;

import dev.errand.adapters.console.page.Console;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.base.error.ApiException;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.runs.provider.ProviderService;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
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

  private final Console console;
  private final ProviderService providers;

  ModelPartResource(Console console, ProviderService providers) {
    this.console = console;
    this.providers = providers;
  }

  @CheckedTemplate(basePath = "console")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance models(List<String> models, String note);
  }

  /**
   * The models that the provider's server lists, or why it lists none.
   *
   * @param provider the provider as a task names it; empty for none
   */
  @GET
  public RestResponse<String> get(
      @RestPath String user, @RestPath String profile, @RestQuery @Nullable String provider)
      throws InterruptedException {
    PageRequest visit = console.visit(user, profile, "tasks");
    if (provider == null || provider.isBlank()) {
      return console.answer(visit, Templates.models(List.of(), ""));
    }
    try {
      List<String> all = listed(visit, provider);
      String note =
          all.size() == 1 ? "Its server has 1 model." : "Its server has " + all.size() + " models.";
      return console.answer(visit, Templates.models(first(all), note));
    } catch (ApiException e) {
      // The field works without a list.
      return console.answer(visit, Templates.models(List.of(), Refusal.of(e)));
    }
  }

  private List<String> listed(PageRequest visit, String provider) throws InterruptedException {
    String own = visit.caller().username() + "/";
    String shared = visit.profile() + "/";
    String name = provider.substring(provider.lastIndexOf('/') + 1);
    @Nullable ProfileSlug of = provider.equals(shared + name) ? visit.profile() : null;
    return of == null && !provider.equals(own + name)
        ? List.of()
        : providers.models(visit.caller(), of, name).models();
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
