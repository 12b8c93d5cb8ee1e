package dev.errand.runs.history;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How texts stand in comma-separated values. */
class UsageCsvTest {
  @Test
  void aNewColumnComesLast() {
    UsageSum used = new UsageSum(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, new BigDecimal("0.1"));
    List<String> names = List.of(UsageCsv.names().strip().split(","));
    List<String> cells =
        List.of(
            UsageCsv.text(new UsageLine(LocalDate.of(2026, 11, 29), "t", false, used))
                .strip()
                .split(","));

    assertEquals(List.of("cost_usd", "cache_write_tokens", "tool_errors"), names.subList(14, 17));
    assertEquals(List.of("0.1", "6", "11"), cells.subList(14, 17));
    assertEquals("5", cells.get(names.indexOf("cached_tokens")));
  }

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
