package dev.errand.base.database;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGInterval;

/**
 * A row of a result, read by the names of its columns. A NULL in a column that must have a value
 * throws an {@link IllegalStateException}.
 */
public final class Row {
  private final ResultSet result;

  Row(ResultSet result) {
    this.result = result;
  }

  /**
   * A record whose components are columns: each has the name of its column in camel case, or names
   * it by {@link jakarta.persistence.Column}. The type is to be registered for reflection.
   */
  public <T extends Record> T as(Class<T> type) {
    return type.cast(RowRecord.of(type).read(this));
  }

  /** The columns that a record is read from, in the order of its components. */
  public static List<String> columns(Class<? extends Record> type) {
    return RowRecord.of(type).columns();
  }

  /** Reads a column. */
  @FunctionalInterface
  private interface Reading<T extends @Nullable Object> {
    T of(ResultSet result, String column) throws SQLException;
  }

  /** A text that is not NULL. */
  public String text(String column) {
    return present(column, textOrNull(column));
  }

  public @Nullable String textOrNull(String column) {
    return this.<@Nullable String>read(column, ResultSet::getString);
  }

  /** An array of texts; empty where it is NULL. */
  public List<String> texts(String column) {
    return read(
        column,
        (row, name) -> {
          Array array = row.getArray(name);
          return array == null ? List.of() : List.of((String[]) array.getArray());
        });
  }

  public @Nullable List<String> textsOrNull(String column) {
    return read(
        column,
        (row, name) -> {
          Array array = row.getArray(name);
          return array == null ? null : List.of((String[]) array.getArray());
        });
  }

  /** A 32-bit number; 0 where it is NULL. */
  public int integer(String column) {
    return read(column, ResultSet::getInt);
  }

  /** A binary fraction. */
  public @Nullable Double realOrNull(String column) {
    return ofType(column, Double.class);
  }

  /** A 32-bit number. */
  public @Nullable Integer integerOrNull(String column) {
    return ofType(column, Integer.class);
  }

  /** A 64-bit number; 0 where it is NULL. */
  public long number(String column) {
    return read(column, ResultSet::getLong);
  }

  public @Nullable Long numberOrNull(String column) {
    return ofType(column, Long.class);
  }

  /** An exact decimal number. */
  public @Nullable BigDecimal decimalOrNull(String column) {
    return this.<@Nullable BigDecimal>read(column, ResultSet::getBigDecimal);
  }

  /** A boolean; false where it is NULL. */
  public boolean flag(String column) {
    return read(column, ResultSet::getBoolean);
  }

  @Nullable Boolean flagOrNull(String column) {
    return ofType(column, Boolean.class);
  }

  /** A UUID that is not NULL. */
  public UUID id(String column) {
    return present(column, ofType(column, UUID.class));
  }

  public @Nullable UUID idOrNull(String column) {
    return ofType(column, UUID.class);
  }

  /** A point in time that is not NULL. */
  public Instant time(String column) {
    return present(column, timeOrNull(column));
  }

  public @Nullable Instant timeOrNull(String column) {
    OffsetDateTime time = ofType(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  /** A length of time that is not NULL, without months and years, whose length differs. */
  public Duration length(String column) {
    return present(column, lengthOrNull(column));
  }

  @Nullable Duration lengthOrNull(String column) {
    String text = textOrNull(column);
    if (text == null) {
      return null;
    }
    PGInterval length = this.<PGInterval>read(column, (row, name) -> new PGInterval(text));
    return Duration.ofDays(length.getDays())
        .plusHours(length.getHours())
        .plusMinutes(length.getMinutes())
        .plusSeconds(length.getWholeSeconds())
        .plus(length.getMicroSeconds(), ChronoUnit.MICROS);
  }

  public @Nullable LocalDate dayOrNull(String column) {
    return ofType(column, LocalDate.class);
  }

  /** Bytes that are not NULL. */
  public byte[] bytes(String column) {
    return present(column, bytesOrNull(column));
  }

  public byte @Nullable [] bytesOrNull(String column) {
    return this.<byte @Nullable []>read(column, ResultSet::getBytes);
  }

  private <T> @Nullable T ofType(String column, Class<T> type) {
    return this.<@Nullable T>read(column, (row, name) -> row.getObject(name, type));
  }

  boolean isNull(String column) {
    return read(column, (row, name) -> row.getObject(name) == null);
  }

  static <T> T present(String column, @Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("The column " + column + " is NULL.");
    }
    return value;
  }

  private <T extends @Nullable Object> T read(String column, Reading<T> reading) {
    try {
      return reading.of(result, column);
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }
}
