package dev.errand.adapters.console.run;

import java.util.List;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.commonmark.renderer.html.UrlSanitizer;
import org.commonmark.renderer.text.LineBreakRendering;
import org.commonmark.renderer.text.TextContentRenderer;
import org.jspecify.annotations.Nullable;

/**
 * Renders Markdown that models, tools and users have written. HTML in it is shown as text, links
 * only lead to the web and to email, and pictures become links, since pages load nothing from other
 * sites.
 */
public final class MarkdownText {
  // Deeper nesting is shown as text.
  private static final int DEEPEST = 24;

  private static final int HEADINGS_OF_PAGES = 2;
  private static final int LEAST_HEADING = 6;

  private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());

  private static final Parser PARSER =
      Parser.builder().extensions(EXTENSIONS).maxOpenBlockParsers(DEEPEST).build();

  private static final HtmlRenderer RENDERER =
      HtmlRenderer.builder()
          .extensions(EXTENSIONS)
          .escapeHtml(true)
          .sanitizeUrls(true)
          .urlSanitizer(new WebUrlsOnly())
          .softbreak("<br>\n")
          .build();

  private static final TextContentRenderer PLAIN =
      TextContentRenderer.builder()
          .extensions(EXTENSIONS)
          .lineBreakRendering(LineBreakRendering.STRIP)
          .build();

  private MarkdownText() {}

  /** Accepts only addresses of the web and of email. */
  private static final class WebUrlsOnly implements UrlSanitizer {
    @Override
    public String sanitizeLinkUrl(String url) {
      String address = url.strip();
      return address.regionMatches(true, 0, "https://", 0, 8)
              || address.regionMatches(true, 0, "http://", 0, 7)
              || address.regionMatches(true, 0, "mailto:", 0, 7)
          ? address
          : "";
    }

    @Override
    public String sanitizeImageUrl(String url) {
      return sanitizeLinkUrl(url);
    }
  }

  /** Replaces pictures by links, and puts headings below those of the page. */
  private static final class ForPages extends AbstractVisitor {
    @Override
    public void visit(Heading heading) {
      heading.setLevel(Math.min(LEAST_HEADING, heading.getLevel() + HEADINGS_OF_PAGES));
      visitChildren(heading);
    }

    @Override
    public void visit(Image image) {
      visitChildren(image);
      Link link = new Link(image.getDestination(), image.getTitle());
      link.appendChild(new Text("picture: "));
      for (Node child = image.getFirstChild(); child != null; ) {
        Node next = child.getNext();
        link.appendChild(child);
        child = next;
      }
      image.insertBefore(link);
      image.unlink();
    }
  }

  /** The text as one line without marks; unchanged where it can't be rendered. */
  public static String plain(String text) {
    try {
      return PLAIN.render(PARSER.parse(text));
    } catch (StackOverflowError e) {
      return text;
    }
  }

  /**
   * HTML that is safe in a page.
   *
   * @return null where the text can't be rendered, and is to be shown as it is
   */
  static @Nullable String html(String text) {
    try {
      Node document = PARSER.parse(text);
      document.accept(new ForPages());
      return RENDERER.render(document);
    } catch (StackOverflowError e) {
      // Caused by emphasis that is nested thousands of times.
      return null;
    }
  }
}
