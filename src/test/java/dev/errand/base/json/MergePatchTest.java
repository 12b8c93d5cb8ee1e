package dev.errand.base.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergePatchTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                             | {'a': {'b': 1}}        | {'a': {'b': 1}}",
        "{'a': 1, 'b': 2}               | {'b': 2}               | {'a': null}",
        "{'a': {'b': 1, 'c': 2}}        | {'a': {'c': 3}}        | {'a': {'b': null, 'c': 3}}",
        "{'a': {'b': {'c': 1}}, 'd': 1} | {'a': {'b': {}}, 'd': 1} | {'a': {'b': {'c': null}}}",
        "{'a': [1, 2]}                  | {'a': [2]}             | {'a': [2]}",
        "{'a': {'b': 1}}                | {'a': 'b'}             | {'a': 'b'}",
      })
  void thePatchBetweenTwoObjectsMakesOneTheOther(String before, String after, String patch)
      throws Exception {
    ObjectNode made = MergePatch.between(read(before), read(after));
    assertEquals(read(patch), made);
    assertEquals(read(after), MergePatch.apply(read(before), made));
  }

  private static ObjectNode read(String json) throws Exception {
    return (ObjectNode) JSON.readTree(json.replace('\'', '"'));
  }
}
