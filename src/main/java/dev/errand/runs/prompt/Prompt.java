package dev.errand.runs.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A prompt template in <a href="https://mustache.github.io/mustache.5.html">Mustache</a>, without
 * HTML escaping and without partials. Parameters are data: what they contain is never expanded.
 *
 * <p>A plain name outside any section must be given; names of sections and inside them need not be.
 * A plain name of an object or array becomes JSON. Names that begin with {@code @} are {@link
 * BuiltInValues}.
 */
public final class Prompt {
  /** The most names of a template: lists and forms of many tasks have all of them. */
  private static final int MOST_NAMES = 1000;

  /** The most steps of a short rendering, which takes a few milliseconds and little memory. */
  private static final int SHORT_STEPS = 20_000;

  private final List<TemplatePart> parts;
  private final TemplateNames names;

  private Prompt(List<TemplatePart> parts, TemplateNames names) {
    this.parts = parts;
    this.names = names;
  }

  /**
   * Reads a template.
   *
   * @throws ApiException when it is not a valid template, or uses partials
   */
  public static Prompt parse(String field, String text) {
    List<TemplatePart> parts = TemplateParser.parse(field, text);
    TemplateNames names = TemplateNames.of(parts);
    if (names.outside().stream().anyMatch(TemplateName::isItself)) {
      throw ApiException.invalid(
          field, "uses {{ . }} outside a section: {{ @payload }} is all of the parameters");
    }
    return new Prompt(parts, names);
  }

  /**
   * Checks a template that is being registered. In templates registered by earlier versions, a name
   * that begins with {@code @} may be a parameter.
   *
   * @throws ApiException as {@link #parse}, and when it uses a name that begins with {@code @} and
   *     is none of Errand's own
   */
  public static void check(String field, String text) {
    TemplateNames names = parse(field, text).names;
    Set<String> all = new LinkedHashSet<>(names.outside());
    all.addAll(names.sections());
    all.addAll(names.inside());
    if (all.size() > MOST_NAMES) {
      throw ApiException.invalid(
          field,
          "uses %s different names; at most %s are allowed: put values into lists or objects"
              .formatted(all.size(), MOST_NAMES));
    }
    all.forEach(name -> BuiltInValues.check(field, name));
  }

  /** The parameters that the prompts take together, for forms and tools. */
  public static PromptParameters parameters(Collection<Prompt> prompts) {
    Set<String> required = new LinkedHashSet<>();
    Set<String> sections = new LinkedHashSet<>();
    Set<String> inside = new LinkedHashSet<>();
    for (Prompt prompt : prompts) {
      required.addAll(prompt.names.outside());
      sections.addAll(prompt.names.sections());
      inside.addAll(prompt.names.inside());
    }
    inside.removeAll(required);
    inside.addAll(sections);
    // Templates that an earlier version registered may have any number.
    boolean isCut = required.size() + inside.size() > 2 * MOST_NAMES;
    return PromptParameters.of(
        isCut ? Set.of() : required,
        isCut ? Set.of() : inside,
        isCut
            || !sections.stream().allMatch(BuiltInValues::hasKnownValues)
            || required.contains(BuiltInValues.PAYLOAD));
  }

  /** The names that are missing in the parameters, sorted; empty when it can be rendered. */
  public List<String> missing(ObjectNode parameters) {
    return names.outside().stream().filter(name -> !has(parameters, name)).sorted().toList();
  }

  /** Whether it has names that begin with {@code @}, whose values belong to the start of a run. */
  public boolean isOfStart() {
    return Stream.of(names.outside(), names.sections(), names.inside())
        .flatMap(Collection::stream)
        .anyMatch(BuiltInValues::isBuiltIn);
  }

  /**
   * Renders the text with the parameters.
   *
   * @param values the values of the names that begin with {@code @}
   * @throws ApiException {@link ErrorCode#TOO_LARGE} when the text or the work is too large
   */
  public String render(ObjectNode parameters, BuiltInValues values) {
    return new Rendering(values, System::nanoTime).of(parts, parameters);
  }

  /**
   * The length of the text with the parameters, in characters.
   *
   * @throws ApiException as {@link #render}
   */
  public int length(ObjectNode parameters, BuiltInValues values) {
    return new Rendering(values, System::nanoTime).lengthOf(parts, parameters);
  }

  /**
   * Renders the text with the parameters, if it is short and that takes no longer than a few
   * milliseconds.
   *
   * @throws ApiException as {@link #render}
   * @throws LongRenderingException if it takes longer, or is longer
   */
  public String renderShort(ObjectNode parameters, BuiltInValues values) {
    return new Rendering(values, SHORT_STEPS, System::nanoTime).of(parts, parameters);
  }

  private static boolean has(JsonNode parameters, String name) {
    if (BuiltInValues.isBuiltIn(name) || parameters.has(name)) {
      return true;
    }
    JsonNode at = parameters;
    for (String part : name.split("\\.", -1)) {
      JsonNode next = at.isArray() ? at.get(Rendering.index(part)) : at.get(part);
      if (next == null) {
        return false;
      }
      at = next;
    }
    return true;
  }

  /** All names that must be given to render each of the prompts, sorted. */
  public static List<String> missing(Collection<Prompt> prompts, ObjectNode parameters) {
    return prompts.stream()
        .flatMap(prompt -> prompt.missing(parameters).stream())
        .distinct()
        .sorted()
        .toList();
  }
}
