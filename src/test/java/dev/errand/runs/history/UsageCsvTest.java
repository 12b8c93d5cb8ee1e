package dev.errand.runs.history;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** How texts stand in comma-separated values. */
class UsageCsvTest {
  @Test
  void noTextIsTakenForAFormulaOrForMoreThanOneCell() {
    Map.of(
            "digest", "digest",
            "", "",
            "=1+1", "'=1+1",
            "+1", "'+1",
            "-1", "'-1",
            "@SUM(A1)", "'@SUM(A1)",
            "\tx", "'\tx",
            "a,b", "\"a,b\"",
            "a\"b", "\"a\"\"b\"",
            "=\"a\",1\n", "\"'=\"\"a\"\",1\n\"")
        .forEach((text, cell) -> assertEquals(cell, UsageCsv.cell(text)));
  }
}
