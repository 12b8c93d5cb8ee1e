package dev.errand.adapters.document;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.commonmark.renderer.text.TextContentRenderer;

/**
 * Renders the documents that are packaged with the service. They are few, so that each is rendered
 * once and kept.
 */
@ApplicationScoped
class Documents {
  /** The name of the document that lists the others. */
  static final String INDEX = "index";

  // No other file is reached by a name.
  private static final Pattern NAME = Pattern.compile("([a-z-]{1,40}/)?[A-Za-z-]{1,60}");

  private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());
  private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();
  private static final TextContentRenderer TEXT = TextContentRenderer.builder().build();
  private static final HtmlRenderer RENDERER =
      HtmlRenderer.builder()
          .extensions(EXTENSIONS)
          .attributeProviderFactory(
              context ->
                  (node, tag, attributes) -> {
                    if (node instanceof Heading) {
                      attributes.put("id", anchor(TEXT.render(node)));
                    }
                  })
          .build();

  private static final Pattern NOT_IN_ANCHOR = Pattern.compile("[^\\p{L}\\p{N} _-]");

  private final Map<String, Document> rendered = new ConcurrentHashMap<>();

  /**
   * A document.
   *
   * @param title the text of its first heading
   * @param html its content, of which each link leads somewhere
   */
  record Document(String title, String html) {}

  /**
   * The document of that name.
   *
   * @param name its path in the folder of documents, without the ending, such as {@code
   *     operating/backup}
   * @param base the path under which the service is reached from outside, without a slash at its
   *     end; always the same
   */
  Optional<Document> find(String name, String base) {
    Document known = rendered.get(name);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<Document> found =
        NAME.matcher(name).matches()
            ? source(name).map(source -> render(name, source, base))
            : Optional.empty();
    found.ifPresent(document -> rendered.put(name, document));
    return found;
  }

  private static Optional<String> source(String name) {
    String file = "/docs/" + name + ".md";
    try (InputStream source = Documents.class.getResourceAsStream(file)) {
      return source == null
          ? Optional.empty()
          : Optional.of(new String(source.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // As GitHub makes it, so that the links of the files are those of the pages.
  private static String anchor(String heading) {
    String text = heading.strip().toLowerCase(Locale.ROOT);
    return NOT_IN_ANCHOR.matcher(text).replaceAll("").replace(' ', '-');
  }

  private static Document render(String name, String source, String base) {
    Node document = PARSER.parse(source);
    document.accept(new DocumentLinks(name, base));
    Node first = document.getFirstChild();
    String title = first instanceof Heading ? TEXT.render(first).strip() : name;
    return new Document(title, RENDERER.render(document));
  }
}
