package dev.errand.runs.task.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.samskivert.mustache.BasicCollector;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import com.samskivert.mustache.Template;
import dev.errand.base.error.ApiException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A prompt template in <a href="https://mustache.github.io/mustache.5.html">Mustache</a>, without
 * HTML escaping and without partials. Parameters are data: what they contain is never expanded.
 *
 * <p>A plain name outside any section must be given; names of sections and inside them need not be.
 * A plain name of an object or array becomes JSON. Names that begin with {@code @} are {@link
 * BuiltInValues}.
 */
public final class Prompt {
  private static final Mustache.Compiler COMPILER =
      Mustache.compiler()
          .escapeHTML(false)
          .defaultValue("")
          .emptyStringIsFalse(true)
          .withCollector(new DataCollector())
          .withFormatter(Prompt::format);

  private final Template template;
  private final Set<String> required;

  private Prompt(Template template, Set<String> required) {
    this.template = template;
    this.required = required;
  }

  /**
   * Reads a template.
   *
   * @param field the field it came in, for the error
   * @throws ApiException when it is not a valid template, or uses partials
   */
  public static Prompt parse(String field, String text) {
    try {
      Template template = COMPILER.compile(text);
      template.visit(new TemplateCheck(field, !text.contains("{{=")));
      RequiredNames names = new RequiredNames(field);
      template.visit(names);
      return new Prompt(template, names.all());
    } catch (MustacheException e) {
      throw ApiException.invalid(field, "is not a valid Mustache template: " + e.getMessage());
    } catch (IndexOutOfBoundsException e) {
      // The library throws this for an empty tag.
      throw ApiException.invalid(field, "is not a valid Mustache template: a tag has no name");
    }
  }

  /**
   * Checks a template that is being registered. In templates registered by earlier versions, a name
   * that begins with {@code @} may be a parameter.
   *
   * @param field the field it came in, for the error
   * @throws ApiException as {@link #parse}, and when it uses a name that begins with {@code @} and
   *     is none of Errand's own
   */
  public static void check(String field, String text) {
    parse(field, text).template.visit(new BuiltInNameCheck(field));
  }

  /** The parameters that the prompts take together, for forms and tools. */
  public static PromptParameters parameters(Collection<Prompt> prompts) {
    Set<String> required = new TreeSet<>();
    SectionNames sections = new SectionNames("prompt");
    for (Prompt prompt : prompts) {
      required.addAll(prompt.required);
      prompt.template.visit(sections);
    }
    return PromptParameters.of(
        required,
        sections.besides(required),
        sections.areThere() || required.contains(BuiltInValues.PAYLOAD));
  }

  /** The names that are missing in the parameters, sorted; empty when it can be rendered. */
  public List<String> missing(ObjectNode parameters) {
    return required.stream().filter(name -> !has(parameters, name)).sorted().toList();
  }

  /**
   * Renders the text with the parameters.
   *
   * @param values the values of the names that begin with {@code @}
   * @throws ApiException {@link dev.errand.base.error.ErrorCode#TOO_LARGE} when the text or the
   *     work is too large
   */
  public String render(ObjectNode parameters, BuiltInValues values) {
    Map<String, Object> data = new HashMap<>(mapOf(parameters));
    data.keySet().removeIf(BuiltInValues::isBuiltIn);
    data.putAll(mapOf(values.toJson()));
    Rendering rendering = new Rendering();
    ScopedValue.where(Rendering.CURRENT, rendering).run(() -> template.execute(data, rendering));
    return rendering.toString();
  }

  private static boolean has(JsonNode parameters, String name) {
    if (BuiltInValues.isBuiltIn(name) || parameters.has(name)) {
      return true;
    }
    JsonNode at = parameters;
    for (String part : name.split("\\.", -1)) {
      JsonNode next = at.isArray() && isIndex(part) ? at.get(Integer.parseInt(part)) : at.get(part);
      if (next == null) {
        return false;
      }
      at = next;
    }
    return true;
  }

  private static boolean isIndex(String part) {
    return part.matches("[0-9]{1,6}");
  }

  private static Map<String, Object> mapOf(JsonNode object) {
    Map<String, Object> map = new Data(object);
    object.properties().forEach(entry -> map.put(entry.getKey(), value(entry.getValue())));
    return map;
  }

  private static Object value(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> mapOf(node);
      case ARRAY -> {
        Items items = new Items(node);
        node.forEach(item -> items.add(value(item)));
        yield items;
      }
      case BOOLEAN -> node.booleanValue();
      case NULL, MISSING -> "";
      case STRING, NUMBER, BINARY, POJO -> node.asText();
    };
  }

  private static String format(Object value) {
    return switch (value) {
      case Data data -> data.json.toString();
      case Items items -> items.json.toString();
      default -> String.valueOf(value);
    };
  }

  /** An object that remembers its JSON, so that a plain reference to it can show it. */
  private static final class Data extends HashMap<String, Object> {
    private static final long serialVersionUID = 1L;
    private final transient JsonNode json;

    Data(JsonNode json) {
      this.json = json;
    }
  }

  /** An array that remembers its JSON. */
  private static final class Items extends ArrayList<Object> {
    private static final long serialVersionUID = 1L;
    private final transient JsonNode json;

    Items(JsonNode json) {
      this.json = json;
    }
  }

  /** Finds values only in maps and lists: a template can't call the methods of a Java object. */
  private static final class DataCollector extends BasicCollector {
    @Override
    public Mustache.@Nullable VariableFetcher createFetcher(Object context, String name) {
      // Parameters come from outside: they can't replace Errand's own values.
      if (context instanceof Data && BuiltInValues.isBuiltIn(name)) {
        return null;
      }
      if (context instanceof Map<?, ?>) {
        return DataCollector::get;
      }
      return context instanceof List<?> ? super.createFetcher(context, name) : null;
    }

    private static Object get(Object context, String name) {
      Object value = context instanceof Map<?, ?> map ? map.get(name) : null;
      return value == null ? Template.NO_FETCHER_FOUND : value;
    }

    @Override
    public @Nullable Iterator<?> toIterator(Object value) {
      Iterator<?> items = super.toIterator(value);
      return items == null ? null : Rendering.CURRENT.get().counted(items);
    }

    @Override
    public <K, V> Map<K, V> createFetcherCache() {
      return new ConcurrentHashMap<>();
    }
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
