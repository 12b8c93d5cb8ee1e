package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.adapters.console.page.Texts;
import dev.errand.base.error.ApiException;
import dev.errand.tools.servlet.registry.Publication;
import dev.errand.tools.servlet.registry.Servlet;
import dev.errand.tools.servlet.registry.ServletView;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The form that publishes a version of a servlet.
 *
 * @param isNew whether there is no servlet of that name yet
 * @param fields what is shown in its fields
 * @param message why it was refused; null where it was not
 */
public record PublicationForm(
    String owner, boolean isNew, SentForm fields, @Nullable String message) {
  private static final Pattern BETWEEN_KEYS = Pattern.compile("[\\r\\n,]+");

  static PublicationForm empty(String owner) {
    return new PublicationForm(owner, true, SentForm.of(Map.of()), null);
  }

  /** The form that publishes a version of a servlet that exists. */
  static PublicationForm of(ServletView servlet) {
    String[] slug = servlet.slug().split("/", 2);
    Map<String, String> fields =
        Map.of(
            "name", slug[1],
            "description", servlet.description(),
            "visibility", servlet.visibility(),
            "domains", String.join("\n", servlet.meta().requirements().domains()),
            "config", String.join("\n", servlet.meta().requirements().config()));
    return new PublicationForm(slug[0], false, SentForm.of(fields), null);
  }

  /** The form that a user has sent. */
  static PublicationForm sent(PageRequest page) {
    SentForm fields = page.form();
    return new PublicationForm(
        page.caller().username(), !fields.text("known").equals("true"), fields, null);
  }

  PublicationForm refused(ApiException refusal) {
    return new PublicationForm(owner, isNew, fields, Refusal.of(refusal));
  }

  /** What publishes a module. */
  Publication publication(byte[] module) {
    return new Publication(
        owner,
        fields.text("name"),
        fields.text("description"),
        Objects.requireNonNullElse(Texts.givenOrNull(fields.text("visibility")), Servlet.PRIVATE),
        fields.items("domains"),
        BETWEEN_KEYS
            .splitAsStream(fields.value("config"))
            .map(String::strip)
            .filter(key -> !key.isEmpty())
            .toList(),
        module);
  }
}
