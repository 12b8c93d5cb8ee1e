package dev.errand.adapters.console.page;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ApiException.FieldError;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.field.DeclaredField;
import dev.errand.base.field.DeclaredFields;
import dev.errand.runs.task.TaskSettings;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Translates errors of the API into the words of the forms. */
public final class Refusal {
  // The labels of the forms for fields of requests, where they differ.
  private static final Map<String, String> LABELS =
      Map.ofEntries(
          Map.entry("auth", "Authentication"),
          Map.entry("base_url", "Server"),
          Map.entry("code", "Error code"),
          Map.entry("config", "Settings"),
          Map.entry("date", "Containing the day"),
          Map.entry("domains", "Hosts"),
          Map.entry("headers", "Header fields"),
          Map.entry("life", "Expires"),
          Map.entry("on_change", "When its tools change"),
          Map.entry("parent", "Started by the run"),
          Map.entry("rule", "Kind"),
          Map.entry("secrets", "Secret"),
          Map.entry("system", "System prompt"),
          Map.entry("url", "Address"),
          Map.entry("view", "Show a"),
          Map.entry("zone", "Time zone"));

  private static final DeclaredFields TASK = DeclaredFields.of(TaskSettings.Request.class);
  private static final String SETTINGS = "settings.";
  private static final String APPROVALS = SETTINGS + "approvals.";
  private static final String EXPECTED_TOOLS = SETTINGS + "expect.tools";
  private static final String EXPECTED = SETTINGS + "expect.when";

  private static final String SECRETS_AGAIN =
      "Enter keys and other secrets again: they are never sent back to the browser.";

  private Refusal() {}

  /** The message that is shown above a form which may have secrets. */
  public static String of(ApiException e, SentForm sent) {
    return withSecrets(of(e), sent);
  }

  /** A message, and that the secrets of the form have to be entered again if it has any. */
  public static String withSecrets(String message, SentForm sent) {
    return sent.hasSecret()
        ? message + (message.endsWith(".") ? " " : ". ") + SECRETS_AGAIN
        : message;
  }

  /** The message that is shown above a form. */
  public static String of(ApiException e) {
    return of(e, Refusal::label);
  }

  /** The message that is shown above the form of fields that are declared. */
  public static String of(ApiException e, DeclaredFields fields) {
    return of(
        e,
        field ->
            fields
                .find(field.replaceFirst("\\[[0-9]*]$", ""))
                .map(declared -> declared.label().replaceFirst("(,| \\().*", ""))
                .orElseGet(() -> label(field)));
  }

  private static String of(ApiException e, UnaryOperator<String> label) {
    String said = String.valueOf(e.getMessage());
    List<FieldError> errors = e.errors();
    if (e.code() == ErrorCode.INVALID_INPUT && errors.size() > 1) {
      said =
          errors.stream()
              .map(
                  error ->
                      label.apply(error.field()) + ": " + error.message().replaceFirst("\\.$", ""))
              .collect(Collectors.joining(". ", "", "."));
    } else if (!errors.isEmpty() && said.startsWith(errors.getFirst().field() + ": ")) {
      String field = errors.getFirst().field();
      said = label.apply(field) + said.substring(field.length());
    }
    return said.replace("in settings.key", "in the field Key").replace("`", "");
  }

  private static String label(String field) {
    if (field.startsWith("parameters.")) {
      return "Parameters: " + field.substring("parameters.".length());
    }
    if (field.startsWith(APPROVALS)) {
      return "Approvals: " + field.substring(APPROVALS.length()).replaceFirst("\\.when$", "");
    }
    if (field.startsWith(EXPECTED_TOOLS)) {
      return "Tools that must have succeeded"
          + field.substring(EXPECTED_TOOLS.length()).replaceFirst("^\\.", ": ");
    }
    if (field.equals(EXPECTED)) {
      return "Condition";
    }
    if (field.startsWith(SETTINGS)) {
      Optional<DeclaredField> setting = TASK.find(field.substring(SETTINGS.length()));
      if (setting.isPresent()) {
        return setting.get().label();
      }
    }
    String last = field.substring(field.lastIndexOf('.') + 1).replaceFirst("\\[[0-9]*]$", "");
    String known = LABELS.get(last);
    if (known != null || last.isEmpty()) {
      return known == null ? field : known;
    }
    return last.substring(0, 1).toUpperCase(Locale.ROOT) + last.substring(1).replace('_', ' ');
  }
}
