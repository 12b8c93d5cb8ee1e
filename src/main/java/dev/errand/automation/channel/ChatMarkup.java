package dev.errand.automation.channel;

import dev.errand.base.markdown.MarkdownText;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.CustomBlock;
import org.commonmark.node.CustomNode;
import org.commonmark.node.Emphasis;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;
import org.commonmark.node.ThematicBreak;

/**
 * Renders Markdown in the markup of a chat, which has no headings and tables: these become bold
 * lines, and rows of cells. Whatever else a text has is escaped, so that it mentions nobody.
 */
final class ChatMarkup extends AbstractVisitor {
  private final StringBuilder out = new StringBuilder();
  private final UnaryOperator<String> escape;
  private final UnaryOperator<String> code;
  private final String bold;
  private final BinaryOperator<String> link;
  private int indent;
  private int number;

  private ChatMarkup(
      UnaryOperator<String> escape,
      UnaryOperator<String> code,
      String bold,
      BinaryOperator<String> link) {
    this.escape = escape;
    this.code = code;
    this.bold = bold;
    this.link = link;
  }

  /**
   * Renders a text.
   *
   * @param message as {@link MarkdownText#forMessage} returned it
   * @param escape what becomes of a text
   * @param code what becomes of a text between grave accents
   * @param bold the mark around bold text
   * @param link a link, of an address of the web and a rendered text
   */
  static String render(
      Node message,
      UnaryOperator<String> escape,
      UnaryOperator<String> code,
      String bold,
      BinaryOperator<String> link) {
    ChatMarkup markup = new ChatMarkup(escape, code, bold, link);
    message.accept(markup);
    return markup.out.toString().strip().replaceAll("\n{3,}", "\n\n");
  }

  @Override
  public void visit(Text text) {
    out.append(escape.apply(text.getLiteral()));
  }

  @Override
  public void visit(HtmlInline html) {
    out.append(escape.apply(html.getLiteral()));
  }

  @Override
  public void visit(HtmlBlock html) {
    out.append(escape.apply(html.getLiteral()));
    end();
  }

  @Override
  public void visit(Code inline) {
    out.append('`').append(code.apply(inline.getLiteral())).append('`');
  }

  @Override
  public void visit(FencedCodeBlock block) {
    block(block.getLiteral());
  }

  @Override
  public void visit(IndentedCodeBlock block) {
    block(block.getLiteral());
  }

  private void block(String text) {
    startLine();
    out.append("```\n").append(code.apply(text.stripTrailing())).append("\n```");
    end();
  }

  @Override
  public void visit(Emphasis emphasis) {
    around(emphasis, "_");
  }

  @Override
  public void visit(StrongEmphasis emphasis) {
    around(emphasis, isInBold(emphasis) ? "" : bold);
  }

  private static boolean isInBold(Node node) {
    for (Node parent = node.getParent(); parent != null; parent = parent.getParent()) {
      if (parent instanceof Heading || parent instanceof TableCell) {
        return true;
      }
    }
    return false;
  }

  private void around(Node node, String mark) {
    out.append(mark);
    visitChildren(node);
    out.append(mark);
  }

  @Override
  public void visit(Heading heading) {
    startLine();
    around(heading, bold);
    end();
  }

  @Override
  public void visit(Paragraph paragraph) {
    startLine();
    visitChildren(paragraph);
    end();
  }

  @Override
  public void visit(ThematicBreak line) {
    out.append("———");
    end();
  }

  @Override
  public void visit(SoftLineBreak line) {
    newLine();
  }

  @Override
  public void visit(HardLineBreak line) {
    newLine();
  }

  @Override
  public void visit(Link to) {
    int start = out.length();
    visitChildren(to);
    String text = out.substring(start);
    out.setLength(start);
    out.append(link.apply(to.getDestination().strip(), text));
  }

  @Override
  public void visit(BulletList list) {
    visitChildren(list);
    end();
  }

  @Override
  public void visit(OrderedList list) {
    int outer = number;
    Integer first = list.getMarkerStartNumber();
    number = first == null ? 1 : first;
    visitChildren(list);
    number = outer;
    end();
  }

  @Override
  public void visit(ListItem item) {
    startLine();
    out.append(item.getParent() instanceof OrderedList ? number++ + "." : "•").append(' ');
    indent++;
    visitChildren(item);
    indent--;
    while (!out.isEmpty() && Character.isWhitespace(out.charAt(out.length() - 1))) {
      out.setLength(out.length() - 1);
    }
    out.append('\n');
  }

  @Override
  public void visit(CustomBlock block) {
    visitChildren(block);
    if (block instanceof TableBlock) {
      end();
    }
  }

  @Override
  public void visit(CustomNode node) {
    if (node instanceof TableRow) {
      startLine();
      visitChildren(node);
      out.append('\n');
    } else if (node instanceof TableCell cell) {
      out.append(cell.getPrevious() == null ? "" : " | ");
      boolean isMarked = cell.isHeader() && cell.getFirstChild() != null;
      around(cell, isMarked ? bold : "");
    } else {
      visitChildren(node);
    }
  }

  private void newLine() {
    out.append('\n').append("  ".repeat(indent));
  }

  private void startLine() {
    if (!out.isEmpty() && out.charAt(out.length() - 1) == '\n') {
      out.append("  ".repeat(indent));
    }
  }

  // In a list, no line is left empty.
  private void end() {
    out.append(indent > 0 ? "\n" : "\n\n");
  }
}
