package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.base.error.ApiException;
import dev.errand.tools.servlet.module.ContentAddress;
import dev.errand.tools.servlet.registry.Publication;
import dev.errand.tools.servlet.registry.Servlet;
import dev.errand.tools.servlet.registry.ServletService;
import dev.errand.tools.servlet.registry.ServletView;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
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
  private static final String CURRENT = InstallationPageResource.CURRENT;
  private static final long REST_OF_FORM = 64 * 1024;
  private static final Pattern BETWEEN_HOSTS = Pattern.compile("[\\s,]+");
  private static final Pattern BETWEEN_KEYS = Pattern.compile("[\\r\\n,]+");

  private final ServletService servlets;
  private final long most;

  /**
   * Creates the resource.
   *
   * @param most the most bytes of a form
   */
  PublicationPageResource(
      ServletService servlets,
      @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize most) {
    this.servlets = servlets;
    this.most = most.asLongValue() - REST_OF_FORM;
  }

  /**
   * The form.
   *
   * @param name the name of the visitor's servlet that gets a version; null for a new one
   */
  @GET
  public RestResponse<String> ask(PageRequest page, @RestQuery @Nullable String name) {
    String owner = page.caller().username();
    PublicationFormView form =
        name == null
            ? new PublicationFormView(owner, "", true, null, "", false, "", "")
            : of(servlets.get(page.caller(), owner, name, Integer.MAX_VALUE, 1).servlet());
    return page.answer(CURRENT, ToolTemplates.publication(form, most));
  }

  private static PublicationFormView of(ServletView servlet) {
    String[] slug = servlet.slug().split("/", 2);
    return new PublicationFormView(
        slug[0],
        slug[1],
        false,
        null,
        servlet.description(),
        servlet.visibility().equals(Servlet.PUBLIC),
        String.join("\n", servlet.meta().requirements().domains()),
        String.join("\n", servlet.meta().requirements().config()));
  }

  /** Publishes the file that was chosen. */
  @POST
  @Consumes(MediaType.MULTIPART_FORM_DATA)
  public RestResponse<String> publish(
      PageRequest page,
      @RestForm @DefaultValue("") String name,
      @RestForm @DefaultValue("") String description,
      @RestForm @DefaultValue(Servlet.PRIVATE) String visibility,
      @RestForm @DefaultValue("") String domains,
      @RestForm @DefaultValue("") String config,
      @RestForm @DefaultValue("false") boolean known,
      @RestForm("wasm") @Nullable FileUpload wasm)
      throws InterruptedException, IOException {
    String owner = page.caller().username();
    // Browsers send the ends of lines as CR LF.
    String text = description.replace("\r\n", "\n").strip();
    try {
      byte[] bytes = wasm == null ? new byte[0] : Files.readAllBytes(wasm.uploadedFile());
      if (bytes.length == 0) {
        throw ApiException.invalid(
            "The file", "is missing or empty: choose one, such as tool.wasm");
      }
      ServletView published =
          servlets
              .publish(
                  page.caller(),
                  new Publication(
                      owner,
                      name.strip(),
                      text,
                      visibility,
                      items(domains, BETWEEN_HOSTS),
                      items(config, BETWEEN_KEYS),
                      bytes),
                  null)
              .servlet();
      return page.redirect(
          page.home()
              + "/servlets/"
              + published.slug()
              + PagePaths.query(Map.of("published", ContentAddress.of(bytes).hex())));
    } catch (ApiException e) {
      PublicationFormView form =
          new PublicationFormView(
              owner,
              name,
              !known,
              Refusal.of(e),
              text,
              visibility.equals(Servlet.PUBLIC),
              domains.replace("\r\n", "\n"),
              config.replace("\r\n", "\n"));
      return page.answer(e.code().status(), CURRENT, ToolTemplates.publication(form, most));
    }
  }

  private static List<String> items(String text, Pattern between) {
    return between.splitAsStream(text).map(String::strip).filter(item -> !item.isEmpty()).toList();
  }
}
