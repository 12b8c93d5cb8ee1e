package dev.errand.base.field;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.json.CheckedRequest;
import dev.errand.base.json.Coded;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is refused of the fields that a record declares, and in which words. */
class DeclaredFieldsTest {
  enum Colour implements Coded {
    RED,
    DARK_BLUE
  }

  record Part(@Field(least = 1, most = 3) @Nullable Integer size) {}

  record Choice(
      @Field(codes = Colour.class) @Nullable String colour,
      @Field(pattern = "[a-z]+", refusal = "must be a name") @Nullable String name,
      @Field(most = 5) @Nullable String text) {}

  record Thing(
      @Field(value = "The name of a room.", required = true) @Nullable String room,
      @Field(codes = Colour.class, required = true) @Nullable String colour,
      @Field(values = {"a", "b"}) @Nullable List<@Nullable String> letters,
      @Field(pattern = "[a-z]+", refusal = "must be small", least = 1, most = 2)
          @Nullable List<String> words,
      @Field(least = 2, most = 5) @Nullable String text,
      @Field(least = 1) @Nullable Long number,
      @Field(durations = {"PT1M", "PT2H"}) @Nullable String pause,
      @Field @Nullable Part part) {}

  @Test
  void whatIsMissingIsNamed() {
    assertEquals(
        """
        room: is required: the name of a room.
        colour: must be one of red, dark_blue""",
        refusal(new Thing("", null, null, null, null, null, null, null)));
  }

  @Test
  void eachWrongValueIsNamedAtItsPlace() {
    assertEquals(
        """
        colour: must be one of red, dark_blue
        letters[1]: must be one of a, b
        letters[2]: must be one of a, b
        words[0]: must be small
        text: must have 2 to 5 characters
        number: must be 1 or more
        pause: must be between 1 minute and 2 hours
        part.size: must be between 1 and 3""",
        refusal(
            new Thing(
                "x",
                "blue",
                Arrays.asList("a", "c", null),
                List.of("BIG"),
                "1",
                0L,
                "3 h",
                new Part(4))));
  }

  @Test
  void anEmptyTextIsNoCodeAndHasNoForm() {
    assertEquals(
        """
        colour: must be one of red, dark_blue
        name: must be a name""",
        refusal(new Choice("", "", "")));
    assertDoesNotThrow(() -> DeclaredFields.check(new Choice(null, null, null)));
  }

  @Test
  void anEmptyTextIsNoCodeAndNoDuration() {
    assertEquals(
        "pause: must be a duration, in whole numbers such as 15 minutes, 10m, 1h30m or 1 day, or in"
            + " ISO 8601 such as PT15M",
        refusal(new Thing("x", "red", null, null, "", null, "", null)));
  }

  @Test
  void aPartIsNamedByItsPathAndChecksItself() {
    assertEquals("part.sum: is never right", refusal(new Whole(new Checked())));
  }

  record Whole(@Field @Nullable Checked part) {}

  record Checked() implements CheckedRequest {
    @Override
    public void check() {
      throw ApiException.invalid("sum", "is never right");
    }
  }

  @Test
  void listsHaveTheirNumberOfEntries() {
    assertEquals(
        "words: must have 1 to 2 entries",
        refusal(new Thing("x", "red", null, List.of("a", "b", "c"), null, null, null, null)));
    assertEquals(
        "words: must have 1 to 2 entries, or be left out",
        refusal(new Thing("x", "red", null, List.of(), null, null, null, null)));
  }

  @Test
  void charactersAreCountedNotTheirHalves() {
    assertDoesNotThrow(
        () ->
            DeclaredFields.check(
                new Thing("x", "red", null, null, "😀".repeat(5), 1L, "PT1M", null)));
  }

  @Test
  void chosenValuesStandOnceAndInOrder() {
    assertEquals(
        List.of("a", "b"), DeclaredFields.inOrder(List.of("b", "a", "b"), List.of("a", "b", "c")));
    assertEquals(List.of("b", "x"), DeclaredFields.inOrder(List.of("b", "x"), List.of("a", "b")));
    assertEquals(List.of(), DeclaredFields.inOrder(null, List.of("a")));
  }

  interface Named {
    @Field(value = "The name of a room.", required = true, most = 3)
    String name();
  }

  record Known(
      @Field(
              required = true,
              values = {"oak", "ash"})
          String wood) {}

  record Room(String name, @Field(parts = Known.class) @Nullable ObjectNode frame, @Field Part part)
      implements Named {}

  record OtherRoom(@Field(most = 5) String name) {}

  private static Room room(String name, String frame) throws IOException {
    return new Room(name, (ObjectNode) new ObjectMapper().readTree(frame), new Part(2));
  }

  @Test
  void aFieldIsSharedByTheInterfaceThatDeclaresIt() throws IOException {
    assertEquals(
        "name: must have at most 3 characters", refusal(room("attic", "{\"wood\": \"oak\"}")));
  }

  @Test
  void whatIsKnownOfAnObjectIsChecked() throws IOException {
    String said = "frame.wood: must be one of oak, ash";
    assertEquals(said, refusal(room("a", "{\"wood\": \"elm\"}")));
    assertEquals(said, refusal(room("a", "{\"wood\": 1}")));
    assertEquals(said, refusal(room("a", "{\"nails\": 4}")));
    assertDoesNotThrow(() -> DeclaredFields.check(room("a", "{\"wood\": \"ash\", \"nails\": 4}")));
  }

  @Test
  void anotherRecordDeclaresSomeFieldsInAnotherWay() throws IOException {
    InvalidFields wrong = new InvalidFields();
    Room attic = room("attic", "{\"wood\": \"oak\"}");
    List<DeclaredField> fields = DeclaredFields.of(Room.class).with(OtherRoom.class);
    DeclaredFields.check("room", attic, fields, wrong);
    assertTrue(wrong.isEmpty());
    DeclaredFields.check("room", room("cellar", "{\"wood\": \"oak\"}"), fields, wrong);
    assertEquals("room.name: must have at most 5 characters", wrong.together().getMessage());
  }

  @Test
  void aFieldWithinAnotherIsFoundByItsPath() throws IOException {
    DeclaredFields fields = DeclaredFields.of(Room.class);
    assertEquals(List.of("oak", "ash"), fields.find("frame.wood").orElseThrow().codes());
    assertTrue(fields.find("part.size").orElseThrow().isWhole());
    assertTrue(fields.find("name.size").isEmpty());
    assertEquals(2, DeclaredFields.value(room("a", "{}"), "part.size"));
  }

  record Undeclared(String name) {}

  @Test
  void aRecordWithoutDeclaredFieldsIsNotTakenForOneWhoseFieldsAreRight() {
    assertThrows(
        IllegalStateException.class, () -> DeclaredFields.check(new Undeclared("anything")));
  }

  private static String refusal(Record thing) {
    ApiException refused = assertThrows(ApiException.class, () -> DeclaredFields.check(thing));
    return refused.errors().stream()
        .map(error -> error.field() + ": " + error.message())
        .collect(Collectors.joining("\n"));
  }
}
