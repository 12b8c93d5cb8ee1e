package dev.errand.models.port;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunnersTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1.0             | 1             | true",
        "{'a': [1, 0.5]} | {'a': [1.0, 0.50]} | true",
        "{'a': 1}        | {'a': 2}      | false",
        "{'a': '1'}      | {'a': 1}      | false",
        "{'a': 1}        | {'b': 1}      | false",
        "1               | 1.01          | false",
      })
  void numbersAreComparedByTheirValue(String one, String other, boolean isSame) throws Exception {
    assertEquals(
        isSame,
        Runners.isSame(
            JSON.readTree(one.replace('\'', '"')), JSON.readTree(other.replace('\'', '"'))));
  }
}
