package dev.errand.base.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.error.ApiException;
import dev.errand.base.limit.BoundedPages.Page;
import dev.errand.base.limit.BoundedPages.Part;
import dev.errand.base.limit.BoundedPages.Rows;
import dev.errand.base.limit.ReadBudget.Held;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** No part of a page is read before there is memory for it, and a page ends where there is none. */
class BoundedPagesTest {
  private static final int KB = 1024;
  private static final long MOST = 8L * KB * KB;
  private static final int PER_BYTE = 4;

  private final ReadBudget budget = new ReadBudget(1024L * KB * KB, Duration.ZERO);
  private final List<Long> parts = new ArrayList<>();

  @Test
  void aSmallListIsReadAtOnce() {
    try (Held held = budget.open("ada")) {
      Page<Integer, Integer> page = read(held, 50, List.of(1, 2, 3));
      assertEquals(List.of(0, 1, 2), page.items());
      assertEquals(null, page.next());
      assertEquals(1, parts.size());
      assertEquals(6L * KB * PER_BYTE, budget.used(), "no more is held than was read");
    }
  }

  @Test
  void aPageHasNoMoreItemsThanAskedFor() {
    try (Held held = budget.open("ada")) {
      Page<Integer, Integer> page = read(held, 2, List.of(1, 1, 600));
      assertEquals(List.of(0, 1), page.items());
      assertEquals(2, page.next());
      assertEquals(1, parts.size(), "the third is not waited for");
    }
  }

  @Test
  void aLargePageIsReadInParts() {
    try (Held held = budget.open("ada")) {
      List<Integer> sizes = List.of(400, 400, 400, 3000, 3000, 3000);
      Page<Integer, Integer> page = read(held, 50, sizes);
      assertEquals(List.of(0, 1, 2, 3, 4), page.items(), "the sixth would be too much");
      assertEquals(5, page.next());
      assertTrue(parts.size() > 2, parts.toString());
    }
  }

  @Test
  void aFirstItemThatIsTooLargeIsReadAlone() {
    try (Held held = budget.open("ada")) {
      Page<Integer, Integer> page = read(held, 50, List.of(20 * KB, 1));
      assertEquals(List.of(0), page.items());
      assertEquals(1, page.next());
      assertEquals(20L * KB * KB * PER_BYTE, budget.used());
    }
  }

  @Test
  void aPageEndsWhereThereIsNoMemory() {
    try (Held others = budget.open("bob");
        Held more = budget.open("eve");
        Held held = budget.open("ada")) {
      others.hold(120L * KB * KB);
      more.hold(70L * KB * KB);
      Page<Integer, Integer> page = read(held, 50, List.of(400, 400, 400));
      assertEquals(List.of(0), page.items());
      assertEquals(1, page.next());
    }
    assertEquals(0, budget.used());
  }

  @Test
  void nothingIsReadWithoutMemory() {
    try (Held others = budget.open("bob");
        Held more = budget.open("eve");
        Held little = budget.open("dan");
        Held last = budget.open("joe");
        Held held = budget.open("ada")) {
      others.hold(128L * KB * KB);
      more.hold(64L * KB * KB);
      little.hold(32L * KB * KB);
      last.hold(32L * KB * KB);
      assertThrows(ApiException.class, () -> read(held, 50, List.of(1)));
      assertEquals(List.of(), parts);
    }
  }

  /** Reads a list of items with these sizes in KB, as a statement would. */
  private Page<Integer, Integer> read(Held held, int most, List<Integer> sizes) {
    return BoundedPages.read(
        held,
        MOST,
        0,
        most,
        (from, left, mostBytes) -> {
          parts.add(mostBytes);
          assertTrue(mostBytes * PER_BYTE <= budget.used(), "it is held before it is read");
          Rows<Integer> rows = new Rows<>();
          long through = 0;
          for (int i = from; i < Math.min(sizes.size(), from + left + 1); i++) {
            long size = (long) sizes.get(i) * KB;
            through += size;
            int item = i;
            rows.add(size, through <= mostBytes, () -> item);
            if (through > mostBytes) {
              break;
            }
          }
          return new Part<>(rows, rows.endAfter(left) ? from + rows.items().size() : null);
        });
  }
}
