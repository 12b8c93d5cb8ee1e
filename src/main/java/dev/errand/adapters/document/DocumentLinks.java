package dev.errand.adapters.document;

import java.net.URI;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;

/**
 * Changes the links of a document, which lead from file to file, so that they lead from page to
 * page. What is not served, such as files of the source code and pictures, loses its link.
 */
class DocumentLinks extends AbstractVisitor {
  private static final String FOLDER = "/docs/";
  private static final String ENDING = ".md";
  private static final String API = FOLDER + "openapi.yaml";

  private final URI file;
  private final String base;

  /**
   * Begins with a document.
   *
   * @param name its path in the folder of documents, without the ending
   * @param base the path under which the service is reached from outside
   */
  DocumentLinks(String name, String base) {
    this.file = URI.create(FOLDER + name + ENDING);
    this.base = base;
  }

  @Override
  public void visit(Link link) {
    visitChildren(link);
    URI target = file.resolve(link.getDestination());
    if (target.isAbsolute()) {
      return;
    }
    String path = target.getPath();
    String fragment = target.getRawFragment() == null ? "" : "#" + target.getRawFragment();
    if (path.equals(API)) {
      link.setDestination(base + "/q/openapi");
    } else if (path.startsWith(FOLDER) && path.endsWith(ENDING)) {
      String page = path.substring(0, path.length() - ENDING.length());
      link.setDestination(base + page + fragment);
    } else {
      unwrap(link);
    }
  }

  @Override
  public void visit(Image image) {
    visitChildren(image);
    unwrap(image);
  }

  private static void unwrap(Node node) {
    for (Node child = node.getFirstChild(); child != null; child = node.getFirstChild()) {
      node.insertBefore(child);
    }
    node.unlink();
  }
}
