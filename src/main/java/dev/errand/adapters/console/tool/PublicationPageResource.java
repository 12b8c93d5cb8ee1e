package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.PageRequest;
import dev.errand.base.error.ApiException;
import dev.errand.base.limit.BodyBudget;
import dev.errand.identity.page.PagePaths;
import dev.errand.tools.servlet.module.ContentAddress;
import dev.errand.tools.servlet.registry.ServletService;
import dev.errand.tools.servlet.registry.ServletView;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.multipart.FileUpload;
import org.jspecify.annotations.Nullable;

/** The page with the form that publishes a servlet, and the operation behind it. */
@Path("/console/{user}/{profile}/publish")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class PublicationPageResource {
  private static final long REST_OF_FORM = 64 * 1024;

  private final ServletService servlets;
  private final long most;

  /**
   * Creates the resource.
   *
   * @param most the most bytes of a form
   */
  PublicationPageResource(
      ServletService servlets,
      BodyBudget budget,
      @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize most) {
    this.servlets = servlets;
    this.most = Math.min(most.asLongValue(), budget.mostWithoutTree()) - REST_OF_FORM;
  }

  /**
   * The form.
   *
   * @param name the name of the visitor's servlet that gets a version; null for a new one
   */
  @GET
  public RestResponse<String> ask(PageRequest page, @RestQuery @Nullable String name) {
    String owner = page.caller().username();
    PublicationForm form =
        name == null
            ? PublicationForm.empty(owner)
            : PublicationForm.of(
                servlets.get(page.caller(), owner, name, Integer.MAX_VALUE, 1).servlet());
    return page.answer(ToolTemplates.CURRENT, ToolTemplates.publication(form, most));
  }

  /** Publishes the file that was chosen. */
  @POST
  @Consumes(MediaType.MULTIPART_FORM_DATA)
  public RestResponse<String> publish(PageRequest page, @RestForm("wasm") @Nullable FileUpload wasm)
      throws InterruptedException, IOException {
    PublicationForm form = PublicationForm.sent(page);
    try {
      byte[] bytes = wasm == null ? new byte[0] : Files.readAllBytes(wasm.uploadedFile());
      if (bytes.length == 0) {
        throw ApiException.invalid(
            "The file", "is missing or empty: choose one, such as tool.wasm");
      }
      ServletView published =
          servlets.publish(page.caller(), form.publication(bytes), null).servlet();
      return page.redirect(
          page.home()
              + "/servlets/"
              + published.slug()
              + PagePaths.query(Map.of("published", ContentAddress.of(bytes).hex())));
    } catch (ApiException e) {
      return page.answer(
          e.code().status(),
          ToolTemplates.CURRENT,
          ToolTemplates.publication(form.refused(e), most));
    }
  }
}
