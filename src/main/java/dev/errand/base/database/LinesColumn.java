package dev.errand.base.database;

import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How texts without line feeds are stored in a column of text, one a line. */
@Converter
@RegisterForReflection
public final class LinesColumn implements AttributeConverter<List<String>, String> {
  @Override
  public @Nullable String convertToDatabaseColumn(@Nullable List<String> texts) {
    return texts == null ? null : lines(texts);
  }

  @Override
  public @Nullable List<String> convertToEntityAttribute(@Nullable String lines) {
    if (lines == null) {
      return null;
    }
    return lines.isEmpty() ? List.of() : List.of(lines.split("\n", -1));
  }

  /** What the column has. */
  public static String lines(List<String> texts) {
    return String.join("\n", texts);
  }
}
