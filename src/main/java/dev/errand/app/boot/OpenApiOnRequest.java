package dev.errand.app.boot;

import dev.errand.base.http.OpenApiResource;
import io.quarkus.arc.Unremovable;
import io.quarkus.smallrye.openapi.runtime.OpenApiConstants;
import io.quarkus.smallrye.openapi.runtime.OpenApiDocumentService;
import io.smallrye.openapi.api.SmallRyeOpenAPI;
import io.smallrye.openapi.runtime.io.Format;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/**
 * Serves the API's document, and renders it when it is first requested. The framework would parse
 * and render it at every start.
 */
@Alternative
@Priority(1)
@Singleton
@Unremovable
class OpenApiOnRequest extends OpenApiDocumentService {
  private final Config settings;
  private byte @Nullable [] yaml;

  @Inject
  OpenApiOnRequest(Config settings) {
    this.settings = settings;
  }

  /** Hides the document during the start, so that it is not rendered then. */
  static void renderNothingAtStart() {
    OpenApiConstants.classLoader = new Empty();
  }

  // One at a time: the model of the document takes tens of megabytes while it is rendered.
  @Override
  public synchronized byte[] getDocument(String documentName, Format format) {
    return format == Format.JSON ? json() : yaml();
  }

  private byte[] yaml() {
    byte[] rendered = yaml;
    if (rendered == null) {
      rendered =
          new DocumentBuilder()
              .withConfig(settings)
              .withApplicationClassLoader(OpenApiOnRequest.class.getClassLoader())
              .enableModelReader(false)
              .enableStandardStaticFiles(false)
              .enableAnnotationScan(false)
              .enableStandardFilter(false)
              .withCustomStaticFile(OpenApiResource::open)
              .build()
              .toYAML()
              .getBytes(StandardCharsets.UTF_8);
      yaml = rendered;
    }
    return rendered;
  }

  private static byte[] json() {
    try (InputStream in = OpenApiResource.open()) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a document and looks for no annotations. The public builder leads to the scanner of
   * annotations, which names Kotlin's classes: an executable can't be built with it.
   */
  private static final class DocumentBuilder extends SmallRyeOpenAPI.Builder {
    @Override
    protected <V, A extends V, O extends V, B, C> SmallRyeOpenAPI build(boolean unmodifiable) {
      BuildContext<V, A, O, B, C> context = getContext();
      buildPrepare(context);
      buildStaticModel(context);
      return buildFinalize(context, unmodifiable);
    }
  }

  /** A class loader without resources. */
  private static final class Empty extends ClassLoader {
    Empty() {
      super(null);
    }

    @Override
    public @Nullable InputStream getResourceAsStream(String name) {
      return null;
    }
  }
}
