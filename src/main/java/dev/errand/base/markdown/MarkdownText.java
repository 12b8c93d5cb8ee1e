package dev.errand.base.markdown;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
 * sites. Where tables would have too many cells, they are shown as text.
 */
public final class MarkdownText {
  // Deeper nesting is shown as text.
  private static final int DEEPEST = 24;

  private static final int HEADINGS_OF_PAGES = 2;
  private static final int LEAST_HEADING = 6;

  // The parser fills each row up to the columns of its header: without a bound, a few thousand
  // bytes become millions of cells.
  private static final int MOST_CELLS = 50_000;

  private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());

  private static final Parser PARSER =
      Parser.builder().extensions(EXTENSIONS).maxOpenBlockParsers(DEEPEST).build();

  private static final Parser WITHOUT_TABLES =
      Parser.builder().maxOpenBlockParsers(DEEPEST).build();

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

  private static final TextContentRenderer LINES =
      TextContentRenderer.builder()
          .extensions(EXTENSIONS)
          .lineBreakRendering(LineBreakRendering.SEPARATE_BLOCKS)
          .build();

  // Programs that show mail know no style sheets of pages.
  private static final Map<String, String> MAIL_STYLES =
      Map.of(
          "table", "border-collapse:collapse",
          "th", "border:1px solid #bbb;padding:2px 6px",
          "td", "border:1px solid #bbb;padding:2px 6px",
          "pre", "white-space:pre-wrap");

  private static final HtmlRenderer MAIL =
      HtmlRenderer.builder()
          .extensions(EXTENSIONS)
          .escapeHtml(true)
          .sanitizeUrls(true)
          .urlSanitizer(new WebUrlsOnly())
          .softbreak("<br>\n")
          .attributeProviderFactory(
              context ->
                  (node, tag, attributes) -> {
                    String style = MAIL_STYLES.get(tag);
                    if (style != null) {
                      attributes.put("style", style);
                    }
                  })
          .build();

  // The host as browsers find it: after a name of a user, and before a backslash.
  private static final Pattern AUTHORITY =
      Pattern.compile("https?://(?:[^/?#\\\\]*@)?([^/?#\\\\@]+)", Pattern.CASE_INSENSITIVE);
  private static final int LONGEST_PLACE = 200;

  private MarkdownText() {}

  /** Accepts only addresses of the web and of email. */
  private static final class WebUrlsOnly implements UrlSanitizer {
    @Override
    public String sanitizeLinkUrl(String url) {
      String address = url.strip();
      return isWeb(address) ? address : "";
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

  /** Unwraps links that lead neither to the web nor to email, and says where the others lead. */
  private static final class WithPlaces extends AbstractVisitor {
    @Override
    public void visit(Link link) {
      visitChildren(link);
      String address = link.getDestination().strip();
      if (!isWeb(address)) {
        for (Node child = link.getFirstChild(); child != null; child = link.getFirstChild()) {
          link.insertBefore(child);
        }
        link.unlink();
        return;
      }
      boolean isShown =
          link.getFirstChild() instanceof Text text
              && text.getNext() == null
              && text.getLiteral().equals(address);
      if (!isShown) {
        link.insertAfter(new Text(" (" + place(address) + ")"));
      }
    }
  }

  private static String place(String address) {
    Matcher found = AUTHORITY.matcher(address);
    String place = found.lookingAt() ? found.group(1) : address;
    return place.length() > LONGEST_PLACE ? place.substring(0, LONGEST_PLACE) + "…" : place;
  }

  /** Whether an address leads to the web or to email. */
  public static boolean isWeb(String address) {
    return address.regionMatches(true, 0, "https://", 0, 8)
        || address.regionMatches(true, 0, "http://", 0, 7)
        || address.regionMatches(true, 0, "mailto:", 0, 7);
  }

  /** Whatever the text has, so that it is shown as it is and in one line. */
  public static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character == '\n' || character == '\r') {
        escaped.append(' ');
      } else {
        if (character > ' ' && character < 0x7F && !Character.isLetterOrDigit(character)) {
          escaped.append('\\');
        }
        escaped.append(character);
      }
    }
    return escaped.toString();
  }

  /**
   * The parts of a text for a message: pictures are links, and each link says where it leads, since
   * whoever reads a message can't see that as in a page.
   *
   * @return null where the text can't be parsed, and is to be shown as it is
   */
  public static @Nullable Node forMessage(String text) {
    try {
      Node document = parse(text);
      document.accept(new ForPages());
      document.accept(new WithPlaces());
      return document;
    } catch (StackOverflowError e) {
      return null;
    }
  }

  /** HTML for e-mail of what {@link #forMessage} returned: it loads nothing. */
  public static String mail(Node message) {
    return MAIL.render(message);
  }

  /** Plain text in lines of what {@link #forMessage} returned. */
  public static String lines(Node message) {
    return LINES.render(message);
  }

  /** The text as one line without marks; unchanged where it can't be rendered. */
  public static String plain(String text) {
    try {
      return PLAIN.render(parse(text));
    } catch (StackOverflowError e) {
      return text;
    }
  }

  /**
   * HTML that is safe in a page.
   *
   * @return null where the text can't be rendered, and is to be shown as it is
   */
  public static @Nullable String html(String text) {
    try {
      Node document = parse(text);
      document.accept(new ForPages());
      return RENDERER.render(document);
    } catch (StackOverflowError e) {
      // Caused by emphasis that is nested thousands of times.
      return null;
    }
  }

  private static Node parse(String text) {
    return (mostCells(text) > MOST_CELLS ? WITHOUT_TABLES : PARSER).parse(text);
  }

  // At least as many as the tables of a text have: any line after the one with the most columns
  // may be a row of it.
  private static long mostCells(String text) {
    long cells = 0;
    int columns = 0;
    int start = 0;
    for (int pipe = text.indexOf('|'); pipe >= 0; pipe = text.indexOf('|', start)) {
      int end = pipe;
      while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
        end++;
      }
      columns = Math.max(columns, columns(text, pipe, end));
      cells += columns;
      start = end;
    }
    return cells;
  }

  // The columns of a line that may separate a header from its rows; 0 for another line.
  private static int columns(String text, int firstPipe, int end) {
    int columns = 1;
    for (int at = firstPipe; at < end; at++) {
      char character = text.charAt(at);
      if (character == '|') {
        columns++;
      } else if (character != '-' && character != ':' && !Character.isWhitespace(character)) {
        return 0;
      }
    }
    return columns;
  }
}
