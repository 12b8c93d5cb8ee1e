package dev.errand.models.anthropic;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a model refuses, so that a task that would always fail is not registered. All of these think
 * unless they are told otherwise, and take no settings of sampling. Of other models nothing is
 * known, and their server decides.
 *
 * @param maxTokens the most tokens of one answer
 * @param thinking the valid types of {@code thinking}
 * @param canBeForced whether {@code tool_choice} may demand a tool call
 */
record KnownModel(int maxTokens, Set<String> thinking, boolean canBeForced) {
  private static final int LONG = 128_000;
  private static final String ADAPTIVE = "adaptive";

  private static final KnownModel THINKS_ALWAYS = new KnownModel(LONG, Set.of(ADAPTIVE), false);

  private static final Map<String, KnownModel> MODELS =
      Map.of(
          "claude-fable-5-1", THINKS_ALWAYS,
          "claude-fable-5-2", THINKS_ALWAYS,
          "claude-mythos-5-1", THINKS_ALWAYS,
          "claude-mythos-5-2", THINKS_ALWAYS,
          "claude-opus-5-5", THINKS_ALWAYS,
          "claude-sonnet-5-5", new KnownModel(LONG, Set.of(ADAPTIVE, "between_tools"), false),
          "claude-haiku-5-5", new KnownModel(LONG, Set.of(ADAPTIVE, "disabled"), true));

  private static final Pattern DATE = Pattern.compile("-[0-9]{8}$");

  /** The model of that name, which may end with the date of its version. */
  static Optional<KnownModel> of(String name) {
    return Optional.ofNullable(MODELS.get(DATE.matcher(name).replaceFirst("")));
  }
}
