package dev.errand.runs.task.prompt;

import com.samskivert.mustache.Mustache;
import dev.errand.base.error.ApiException;

/** Refuses parts that a template may not have: partials, parents, open tags, many sections. */
class TemplateCheck implements Mustache.Visitor {
  private static final int MOST_SECTIONS = 500;

  private final String field;
  private final boolean plainDelimiters;
  private int sections;

  /**
   * A check of one template.
   *
   * @param field the field that the template came in, for errors
   * @param plainDelimiters whether the template does not change the delimiters
   */
  TemplateCheck(String field, boolean plainDelimiters) {
    this.field = field;
    this.plainDelimiters = plainDelimiters;
  }

  @Override
  public void visitText(String text) {
    // The library treats a tag that is never closed as text.
    if (plainDelimiters && text.startsWith("{{")) {
      throw ApiException.invalid(
          field, "is not a valid Mustache template: a tag is not closed, " + startOf(text));
    }
  }

  @Override
  public void visitVariable(String name) {}

  @Override
  public boolean visitInclude(String name) {
    throw ApiException.invalid(field, "uses a partial, {{> " + name + " }}: there are none");
  }

  @Override
  public boolean visitParent(String name) {
    throw ApiException.invalid(field, "uses a parent, {{< " + name + " }}: there are none");
  }

  @Override
  public boolean visitSection(String name) {
    // Sections may nest, and each level needs a part of the stack.
    if (++sections > MOST_SECTIONS) {
      throw ApiException.invalid(field, "has more than " + MOST_SECTIONS + " sections");
    }
    return true;
  }

  @Override
  public boolean visitInvertedSection(String name) {
    return visitSection(name);
  }

  private static String startOf(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }
}
