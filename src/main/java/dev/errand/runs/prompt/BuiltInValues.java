package dev.errand.runs.prompt;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.SpellingSuggestion;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The values of a prompt's names that begin with {@code @}, which Errand itself provides for a run.
 * They are fixed when the run starts, and no parameter can replace them.
 *
 * @param payload the parameters as JSON, or the body that a webhook received
 * @param headers the header fields of the webhook that its trigger names, by name
 * @param zone the schedule's time zone; UTC without a schedule
 * @param now when the run starts; null if no prompt names it
 * @param scheduledFor the schedule's time; null without a schedule
 * @param previous the previous ready run; null if there is none, or no prompt names it
 */
public record BuiltInValues(
    String payload,
    Map<String, String> headers,
    String task,
    String run,
    ZoneId zone,
    @Nullable Instant now,
    @Nullable Instant scheduledFor,
    @Nullable PreviousRun previous) {

  static final String PAYLOAD = "@payload";

  public static final String PREVIOUS = "@previous";

  public static final String NOW = "@now";

  private static final String HEADERS = "@headers";
  private static final String RESULT = PREVIOUS + ".result";
  private static final String SCHEDULED_FOR = "@scheduled_for";
  private static final String TASK = "@task";
  private static final String RUN = "@run";

  /** All names that a prompt may use, in the order of the documentation. */
  static final List<String> NAMES =
      List.of(
          PAYLOAD,
          HEADERS,
          PREVIOUS,
          PREVIOUS + ".output",
          RESULT,
          PREVIOUS + ".finished_at",
          PREVIOUS + ".run",
          PREVIOUS + ".truncated",
          SCHEDULED_FOR,
          NOW,
          RUN,
          TASK);

  private static final Set<String> ROOTS =
      NAMES.stream().map(BuiltInValues::root).collect(Collectors.toUnmodifiableSet());

  /** A payload without other values, for a check of parameters. */
  public static BuiltInValues of(String payload) {
    return new BuiltInValues(payload, Map.of(), "", "", ZoneOffset.UTC, null, null, null);
  }

  /** Whether a name, or the first part of it, is one of Errand's own. */
  static boolean isBuiltIn(String name) {
    return name.startsWith("@") && ROOTS.contains(root(name));
  }

  /**
   * Whether a name in a section of one of Errand's own names is that of one of its values, such as
   * {@code output} in a section of {@code @previous}. A result and the header fields may have any.
   *
   * @param section the name of that section; empty outside of one
   */
  static boolean isIn(String section, String name) {
    return mayHaveAny(section) || NAMES.contains(section + "." + root(name));
  }

  /** Whether a section of one of Errand's own names has no values but the known ones. */
  static boolean hasKnownValues(String section) {
    return isBuiltIn(section) && !section.equals(PAYLOAD) && !mayHaveAny(section);
  }

  private static boolean mayHaveAny(String section) {
    return section.equals(HEADERS) || section.equals(RESULT) || section.startsWith(RESULT + ".");
  }

  /**
   * Checks a name of a template.
   *
   * @throws ApiException when it begins with {@code @} and is none of Errand's own
   */
  static void check(String field, String name) {
    if (!name.startsWith("@")
        || NAMES.contains(name)
        || name.startsWith(RESULT + ".")
        || name.startsWith(HEADERS + ".")) {
      return;
    }
    String meant =
        SpellingSuggestion.of(name, NAMES)
            .map("; did you mean {{ %s }}?"::formatted)
            .orElse(". A field of a parameter is named by its path: {{ event." + name + " }}");
    throw ApiException.invalid(
        field,
        ("uses {{ %s }}, and names that begin with @ are Errand's own; the known names are"
                + " %s%s")
            .formatted(name, String.join(", ", NAMES), meant));
  }

  private static String root(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  /** The values by name. An absent one is an empty text, which hides a section. */
  ObjectNode toJson() {
    ObjectNode values = JsonNodeFactory.instance.objectNode();
    values.put(PAYLOAD, payload);
    if (headers.isEmpty()) {
      values.put(HEADERS, "");
    } else {
      ObjectNode fields = values.putObject(HEADERS);
      headers.forEach(fields::put);
    }
    values.put(TASK, task);
    values.put(RUN, run);
    values.put(NOW, text(now));
    values.put(SCHEDULED_FOR, text(scheduledFor));
    if (previous == null) {
      values.put(PREVIOUS, "");
    } else {
      ObjectNode named = values.putObject(PREVIOUS);
      if (previous.result() != null) {
        named.set("result", previous.result());
      }
      named
          .put("output", previous.output())
          .put("finished_at", text(previous.finishedAt()))
          .put("run", previous.run())
          .put("truncated", previous.truncated());
    }
    return values;
  }

  private String text(@Nullable Instant time) {
    return time == null
        ? ""
        : DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
            time.truncatedTo(ChronoUnit.SECONDS).atZone(zone));
  }
}
