package dev.errand.base.database;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.json.Coded;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RowRecordTest {
  private static final String ALL =
      """
      SELECT :id::uuid AS id, :name::text AS name, :kind_of_it::text AS kind_of_it,
        :small::integer AS small, :large::bigint AS large, :is_on::boolean AS is_on,
        :words::text[] AS words, :others::text[] AS others, :at::timestamptz AS at,
        :until::timestamptz AS until, :reason::text AS reason, :day::date AS day,
        :raw::bytea AS raw, :count::integer AS count, :flag::boolean AS flag
      """;

  @Inject Sql sql;

  enum Kind implements Coded {
    FIRST,
    SECOND
  }

  record Pause(@Column(name = "at") Instant since, @Nullable Instant until, String reason) {}

  record All(
      UUID id,
      String name,
      Kind kindOfIt,
      int small,
      long large,
      boolean isOn,
      List<String> words,
      @Nullable List<String> others,
      @Nullable Pause pause,
      @Nullable LocalDate day,
      byte @Nullable [] raw,
      @Nullable Integer count,
      @Nullable Boolean flag) {}

  @Test
  void aRecordComesBackAsItWasSet() {
    Instant at = Instant.parse("2026-11-25T12:00:00.123456Z");
    All all =
        new All(
            UUID.randomUUID(),
            "it's",
            Kind.SECOND,
            7,
            1L << 40,
            true,
            List.of("a", "b"),
            List.of(),
            new Pause(at, null, "because"),
            LocalDate.of(2026, 11, 25),
            new byte[] {1, 0, 2},
            3,
            false);
    All read = sql.statement(ALL).with(all).one(row -> row.as(All.class));
    assertArrayEquals(all.raw, read.raw);
    assertEquals(withoutBytes(all), withoutBytes(read));
  }

  private static All withoutBytes(All all) {
    return new All(
        all.id,
        all.name,
        all.kindOfIt,
        all.small,
        all.large,
        all.isOn,
        all.words,
        all.others,
        all.pause,
        all.day,
        null,
        all.count,
        all.flag);
  }

  @Test
  void whatMayBeNullIsNull() {
    All bare =
        new All(
            UUID.randomUUID(),
            "",
            Kind.FIRST,
            0,
            0,
            false,
            List.of(),
            null,
            null,
            null,
            null,
            null,
            null);
    assertEquals(bare, sql.statement(ALL).with(bare).one(row -> row.as(All.class)));
  }

  record Named(String name) {}

  record Timed(@Nullable Duration length) {}

  @Test
  void nullWhereAValueMustBeIsRefused() {
    IllegalStateException thrown =
        assertThrows(
            IllegalStateException.class,
            () -> sql.statement("SELECT NULL AS name").one(row -> row.as(Named.class)));
    assertTrue(String.valueOf(thrown.getMessage()).contains("name"), thrown::getMessage);
  }

  @Test
  void aCodeThatThisVersionDoesNotKnowIsRefused() {
    record Kinds(Kind kind) {}
    assertThrows(
        IllegalArgumentException.class,
        () -> sql.statement("SELECT 'third' AS kind").one(row -> row.as(Kinds.class)));
  }

  @Test
  void aColumnThatIsMissingIsRefused() {
    assertThrows(
        DatabaseException.class,
        () -> sql.statement("SELECT 1 AS id").one(row -> row.as(Named.class)));
  }

  @Test
  void aValueThatIsSetBeforeStays() {
    assertEquals(
        "other",
        sql.statement("SELECT :name AS name")
            .with("name", "other")
            .with(new Named("this"))
            .one(row -> row.text("name")));
  }

  record Item(
      UUID id,
      Kind kind,
      int small,
      long large,
      boolean isOn,
      @Nullable Pause pause,
      @Convert(converter = SecondsColumn.class) @Nullable Duration length) {}

  @Test
  void recordsComeBackAsTheyWereSetTogether() {
    Instant at = Instant.parse("2026-11-25T12:00:00.123456Z");
    List<Item> items =
        List.of(
            new Item(
                UUID.randomUUID(), Kind.FIRST, 1, 1L << 40, true, new Pause(at, null, "so"), null),
            new Item(UUID.randomUUID(), Kind.SECOND, 2, 3, false, null, Duration.ofHours(1)));
    assertEquals(
        items,
        sql.statement(
                """
                SELECT * FROM unnest(:id::uuid[], :kind::text[], :small::integer[], :large::bigint[],
                  :is_on::boolean[], :at::text[]::timestamptz[], :until::text[]::timestamptz[],
                  :reason::text[], :length::bigint[])
                  AS item (id, kind, small, large, is_on, at, until, reason, length)
                """)
            .withAll(Item.class, items)
            .list(row -> row.as(Item.class)));
  }

  @Test
  void aLengthOfTimeMayBeMissing() {
    assertNull(
        sql.statement("SELECT NULL::interval AS length").one(row -> row.as(Timed.class)).length);
    assertEquals(
        Duration.ofMinutes(90),
        sql.statement("SELECT '90 minutes'::interval AS length")
            .one(row -> row.as(Timed.class))
            .length);
  }

  /** A length that is stored as text; none is the same as an hour. */
  public static final class Hours implements AttributeConverter<Duration, String> {
    @Override
    public @Nullable String convertToDatabaseColumn(@Nullable Duration length) {
      return length == null || length.equals(Duration.ofHours(1)) ? null : length.toString();
    }

    @Override
    public Duration convertToEntityAttribute(@Nullable String text) {
      return text == null ? Duration.ofHours(1) : Duration.parse(text);
    }
  }

  record Length(Duration exact) {}

  record Converted(
      @Convert(converter = Hours.class) Duration length,
      @Convert(converter = SecondsColumn.class) @Column(name = "long_seconds")
          @Nullable Duration rest,
      @Convert(converter = LinesColumn.class) List<String> words) {}

  private static final String CONVERTED =
      "SELECT :length::text AS length, :long_seconds::bigint AS long_seconds, :words::text AS words";

  @Test
  void aComponentIsReadAndSetByItsConverter() {
    Converted converted =
        new Converted(Duration.ofMinutes(5), Duration.ofDays(100), List.of("a", "", "b"));
    assertEquals(
        "PT5M 8640000 a//b",
        sql.statement(CONVERTED)
            .with(converted)
            .one(
                row ->
                    row.text("length")
                        + " "
                        + row.number("long_seconds")
                        + " "
                        + row.text("words").replace('\n', '/')));
    assertEquals(converted, sql.statement(CONVERTED).with(converted).one(Converted.class));
  }

  @Test
  void aConverterMayReadNull() {
    Converted bare = new Converted(Duration.ofHours(1), null, List.of());
    assertEquals(
        "null null",
        sql.statement(CONVERTED)
            .with(bare)
            .one(row -> row.textOrNull("length") + " " + row.numberOrNull("long_seconds")));
    assertEquals(bare, sql.statement(CONVERTED).with(bare).one(Converted.class));
  }

  @Test
  void nullThatAConverterDoesNotReplaceIsRefused() {
    record Seconds(@Convert(converter = SecondsColumn.class) Duration length) {}
    assertThrows(
        IllegalStateException.class,
        () -> sql.statement("SELECT NULL::bigint AS length").one(row -> row.as(Seconds.class)));
  }

  // A record is stored in one column, too.
  @Test
  void aConvertedRecordIsOneColumn() {
    record Wrapped(@Convert(converter = OfLength.class) Length length, String name) {}
    Wrapped wrapped = new Wrapped(new Length(Duration.ofMinutes(5)), "x");
    assertEquals(
        wrapped,
        sql.statement("SELECT :length::text AS length, :name::text AS name")
            .with(wrapped)
            .one(row -> row.as(Wrapped.class)));
  }

  public static final class OfLength implements AttributeConverter<Length, String> {
    @Override
    public String convertToDatabaseColumn(Length length) {
      return length.exact().toString();
    }

    @Override
    public Length convertToEntityAttribute(String text) {
      return new Length(Duration.parse(text));
    }
  }

  @Test
  void aTypeThatNoColumnHasIsRefused() {
    record Ids(List<Integer> ids) {}
    assertThrows(
        IllegalStateException.class,
        () -> sql.statement("SELECT NULL AS ids").one(row -> row.as(Ids.class)));
  }
}
