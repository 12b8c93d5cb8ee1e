package dev.errand.adapters.document;

import dev.errand.adapters.document.Documents.Document;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.page.HtmlPages;
import dev.errand.identity.page.PageFrame;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.RawString;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

/** The pages of documents, for everybody who reaches the service. */
@Path("/docs")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class DocumentResource {
  private final Documents documents;
  private final HtmlPages pages;

  DocumentResource(Documents documents, HtmlPages pages) {
    this.documents = documents;
    this.pages = pages;
  }

  @CheckedTemplate(basePath = "page")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance document(String title, RawString html, PageFrame frame);
  }

  /** The list of the documents. */
  @GET
  public RestResponse<String> list() {
    return page(Documents.INDEX);
  }

  @GET
  @Path("{name}")
  public RestResponse<String> get(@RestPath String name) {
    return page(name);
  }

  @GET
  @Path("{folder}/{name}")
  public RestResponse<String> get(@RestPath String folder, @RestPath String name) {
    return page(folder + "/" + name);
  }

  private RestResponse<String> page(String name) {
    PageFrame frame = pages.frame();
    Document document =
        documents
            .find(name, frame.base())
            .orElseThrow(
                () ->
                    new ApiException(
                        ErrorCode.NOT_FOUND,
                        "There is no document at this address: see the list at /docs."));
    RawString html = new RawString(document.html());
    return pages
        .answer(200, frame, Templates.document(document.title(), html, frame).render())
        .build();
  }
}
