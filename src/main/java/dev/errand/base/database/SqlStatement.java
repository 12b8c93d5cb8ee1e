package dev.errand.base.database;

import dev.errand.base.json.Coded;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A statement with the values of its parameters; it may be run more than once. */
public final class SqlStatement {
  private static final Map<Class<?>, Value> TYPES =
      Map.ofEntries(
          Map.entry(String.class, new Value(null, Types.VARCHAR, null)),
          Map.entry(int.class, new Value(null, Types.INTEGER, null)),
          Map.entry(Integer.class, new Value(null, Types.INTEGER, null)),
          Map.entry(long.class, new Value(null, Types.BIGINT, null)),
          Map.entry(Long.class, new Value(null, Types.BIGINT, null)),
          Map.entry(Double.class, new Value(null, Types.DOUBLE, null)),
          Map.entry(boolean.class, new Value(null, Types.BOOLEAN, null)),
          Map.entry(Boolean.class, new Value(null, Types.BOOLEAN, null)),
          Map.entry(UUID.class, new Value(null, Types.OTHER, "uuid")),
          Map.entry(LocalDate.class, new Value(null, Types.DATE, null)),
          Map.entry(byte[].class, new Value(null, Types.BINARY, null)));

  // All others are texts.
  private static final Map<Class<?>, String> ELEMENTS =
      Map.of(
          UUID.class,
          "uuid",
          int.class,
          "integer",
          Integer.class,
          "integer",
          long.class,
          "bigint",
          Long.class,
          "bigint",
          boolean.class,
          "boolean");

  private final Sql sql;
  private final NamedSql named;
  private final @Nullable Value[] values;
  private int seconds;

  SqlStatement(Sql sql, NamedSql named) {
    this.sql = sql;
    this.named = named;
    this.values = new @Nullable Value[named.names().size()];
  }

  /**
   * A value and its type, which NULL has as well: the statement stays prepared for both.
   *
   * @param name the database's name for the type, or for that of the elements of an array; null
   *     where the driver knows it
   */
  private record Value(@Nullable Object object, int type, @Nullable String name) {}

  public SqlStatement with(String name, @Nullable String text) {
    return with(name, new Value(text, Types.VARCHAR, null));
  }

  /**
   * Sets a text that rows are looked up by: the statement compares it by {@code =}. A text that the
   * database can't hold equals none there, and so it finds nothing.
   */
  public SqlStatement by(String name, String text) {
    return with(name, StorableText.is(text) ? text : null);
  }

  public SqlStatement with(String name, @Nullable Integer number) {
    return with(name, new Value(number, Types.INTEGER, null));
  }

  public SqlStatement with(String name, @Nullable Long number) {
    return with(name, new Value(number, Types.BIGINT, null));
  }

  public SqlStatement with(String name, @Nullable Double number) {
    return with(name, new Value(number, Types.DOUBLE, null));
  }

  public SqlStatement with(String name, boolean flag) {
    return with(name, new Value(flag, Types.BOOLEAN, null));
  }

  public SqlStatement with(String name, @Nullable UUID id) {
    return with(name, new Value(id, Types.OTHER, "uuid"));
  }

  /** Sets a point in time ({@code timestamptz}). */
  public SqlStatement with(String name, @Nullable Instant time) {
    return with(name, ofTime(time));
  }

  private static Value ofTime(@Nullable Instant time) {
    return new Value(
        time == null ? null : time.atOffset(ZoneOffset.UTC),
        Types.TIMESTAMP_WITH_TIMEZONE,
        "timestamptz");
  }

  public SqlStatement with(String name, @Nullable LocalDate day) {
    return with(name, new Value(day, Types.DATE, null));
  }

  public SqlStatement with(String name, byte @Nullable [] bytes) {
    return with(name, new Value(bytes, Types.BINARY, null));
  }

  /**
   * Sets an array.
   *
   * @param type the database's name for the type of its elements
   */
  public SqlStatement with(String name, String type, Collection<?> elements) {
    return with(name, new Value(elements.toArray(), Types.ARRAY, type));
  }

  /**
   * Sets an array with a value of each item. A time is set as its text, since the driver does not
   * support arrays of times.
   *
   * @param type the database's name for the type of its elements
   */
  public <T> SqlStatement with(
      String name, String type, Collection<T> items, Function<T, @Nullable Object> value) {
    return with(name, elements(type, items, value));
  }

  /**
   * Sets all parameters that are columns of a record and have no value yet, as {@link Row#as} reads
   * them.
   */
  public SqlStatement with(Record record) {
    RowRecord shape = RowRecord.of(record.getClass());
    for (int i = 0; i < values.length; i++) {
      String name = named.names().get(i);
      if (values[i] == null && shape.has(name)) {
        values[i] = value(shape.type(name), shape.value(record, name));
      }
    }
    return this;
  }

  /**
   * Sets all parameters that are columns of some records, and have no value yet, to arrays with a
   * value of each. A time is set as its text.
   */
  public SqlStatement withAll(Class<? extends Record> type, Collection<? extends Record> records) {
    RowRecord shape = RowRecord.of(type);
    for (int i = 0; i < values.length; i++) {
      String name = named.names().get(i);
      if (values[i] == null && shape.has(name)) {
        String ofEach = ELEMENTS.getOrDefault(shape.type(name), "text");
        values[i] = elements(ofEach, records, record -> shape.value(record, name));
      }
    }
    return this;
  }

  private static <T> Value elements(
      String type, Collection<T> items, Function<T, @Nullable Object> value) {
    List<@Nullable Object> elements = new ArrayList<>(items.size());
    for (T item : items) {
      Object element = value.apply(item);
      elements.add(
          element instanceof Instant time
              ? time.toString()
              : element instanceof Coded coded ? coded.code() : element);
    }
    return new Value(elements.toArray(), Types.ARRAY, type);
  }

  private static Value value(Class<?> type, @Nullable Object value) {
    if (type.isEnum()) {
      return new Value(value == null ? null : ((Coded) value).code(), Types.VARCHAR, null);
    } else if (type == Instant.class) {
      return ofTime((Instant) value);
    } else if (type == List.class) {
      return new Value(
          value == null ? null : ((List<?>) value).toArray(),
          Types.ARRAY,
          value == null ? "_text" : "text");
    }
    Value known = TYPES.get(type);
    if (known == null) {
      throw new IllegalArgumentException("No parameter is set to " + type);
    }
    return new Value(value, known.type, known.name);
  }

  private SqlStatement with(String name, Value value) {
    boolean known = false;
    for (int i = 0; i < values.length; i++) {
      if (named.names().get(i).equals(name)) {
        values[i] = value;
        known = true;
      }
    }
    if (!known) {
      throw new IllegalArgumentException("There is no parameter " + name + " in: " + named.text());
    }
    return this;
  }

  /** Cancels it after some time, in whole seconds. */
  public SqlStatement within(Duration most) {
    seconds = Math.toIntExact(most.toSeconds());
    return this;
  }

  /** Runs it and reads every row. */
  public <T> List<T> list(Function<Row, T> reader) {
    List<T> all = new ArrayList<>();
    each(row -> all.add(reader.apply(row)));
    return all;
  }

  /** Runs it and reads the first row, where there is one. */
  public <T> Optional<T> first(Function<Row, T> reader) {
    return read(rows -> rows.next() ? Optional.of(reader.apply(new Row(rows))) : Optional.empty());
  }

  /** Runs it and reads the row that there always is. */
  public <T> T one(Function<Row, T> reader) {
    return first(reader)
        .orElseThrow(() -> new IllegalStateException("No row was returned by: " + named.text()));
  }

  /** Runs it and reads every row as {@link Row#as} does. */
  public <T extends Record> List<T> list(Class<T> type) {
    return list(row -> row.as(type));
  }

  public <T extends Record> Optional<T> first(Class<T> type) {
    return first(row -> row.as(type));
  }

  public <T extends Record> T one(Class<T> type) {
    return one(row -> row.as(type));
  }

  /** Runs it and passes every row to the reader. */
  public void each(Consumer<Row> reader) {
    boolean _ =
        read(
            rows -> {
              Row row = new Row(rows);
              while (rows.next()) {
                reader.accept(row);
              }
              return true;
            });
  }

  /** Runs it and returns whether there is a row. */
  public boolean exists() {
    return read(ResultSet::next);
  }

  /** Runs it and ignores its result. */
  public void run() {
    boolean _ =
        prepared(
            (connection, statement) -> {
              bind(connection, statement);
              return statement.execute();
            });
  }

  /** Runs it and returns how many rows it changed. */
  public int update() {
    return prepared(
        (connection, statement) -> {
          bind(connection, statement);
          return statement.executeUpdate();
        });
  }

  /** Reads the rows of a result. */
  @FunctionalInterface
  private interface Reading<T> {
    T of(ResultSet rows) throws SQLException;
  }

  /** Runs a statement that is prepared. */
  @FunctionalInterface
  private interface Running<T> {
    T of(Connection connection, PreparedStatement statement) throws SQLException;
  }

  private <T> T read(Reading<T> reading) {
    return prepared(
        (connection, statement) -> {
          bind(connection, statement);
          statement.execute();
          try (ResultSet rows = statement.getResultSet()) {
            return reading.of(rows);
          }
        });
  }

  private <T> T prepared(Running<T> running) {
    return sql.call(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(named.text())) {
            statement.setQueryTimeout(seconds);
            return running.of(connection, statement);
          }
        });
  }

  String text() {
    return named.text();
  }

  private void bind(Connection connection, PreparedStatement statement) throws SQLException {
    int _ = bind(connection, statement, 0);
  }

  /**
   * Sets its values.
   *
   * @param before how many parameters come before its own
   */
  int bind(Connection connection, PreparedStatement statement, int before) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      Value value = values[i];
      if (value == null) {
        throw new IllegalArgumentException(
            "The parameter " + named.names().get(i) + " has no value in: " + named.text());
      }
      if (value.object() instanceof Object[] elements) {
        String ofEach = Objects.requireNonNull(value.name());
        statement.setArray(before + i + 1, connection.createArrayOf(ofEach, elements));
      } else if (value.object() == null && value.name() != null) {
        // The driver would leave the type of NULL open, ask the database for it, and then send each
        // statement that returns texts in two round trips.
        statement.setNull(before + i + 1, value.type(), value.name());
      } else {
        statement.setObject(before + i + 1, value.object(), value.type());
      }
    }
    return values.length;
  }
}
