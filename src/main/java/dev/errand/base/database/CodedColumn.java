package dev.errand.base.database;

import dev.errand.base.json.Coded;
import jakarta.persistence.AttributeConverter;
import org.jspecify.annotations.Nullable;

/**
 * How entities store an enum: by the code of the constant. A subclass with {@link
 * jakarta.persistence.Converter} beside the enum applies it.
 */
public abstract class CodedColumn<E extends Enum<E> & Coded>
    implements AttributeConverter<E, String> {
  private final Class<E> type;

  protected CodedColumn(Class<E> type) {
    this.type = type;
  }

  @Override
  public @Nullable String convertToDatabaseColumn(@Nullable E constant) {
    return constant == null ? null : constant.code();
  }

  @Override
  public @Nullable E convertToEntityAttribute(@Nullable String code) {
    return code == null ? null : Coded.of(type, code);
  }
}
