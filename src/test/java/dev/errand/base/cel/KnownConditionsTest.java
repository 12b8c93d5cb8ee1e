package dev.errand.base.cel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The conditions that are kept, however heavy users make them. */
class KnownConditionsTest {
  private static final Map<String, Condition.Type> VARIABLES = Map.of("a", Condition.Type.OBJECT);
  private static final long MOST = 2_000_000;

  private final KnownConditions known = new KnownConditions(MOST);

  private static String heavy(int i) {
    return "a.b == " + i + " || 'x'.matches(r'" + "\\pL".repeat(20) + i + "')";
  }

  @Test
  void heavyConditionsAreHeldWithinTheBound() {
    Condition last = known.get(heavy(0), VARIABLES);
    long each = last.bytes();
    assertTrue(each > 20 * 4096, () -> "20 classes weigh " + each);
    for (int i = 1; i < 100; i++) {
      last = known.get(heavy(i), VARIABLES);
      assertTrue(known.bytes() <= MOST, () -> "holds " + known.bytes());
    }
    assertTrue(known.bytes() > MOST - 2 * each, () -> "holds " + known.bytes());
    assertSame(last, known.get(heavy(99), VARIABLES));
  }

  @Test
  void aConditionOfARequestIsNotKept() {
    Condition checked = known.check("a.b == 1", VARIABLES);
    assertEquals(0, known.bytes());
    Condition kept = known.get("a.b == 1", VARIABLES);
    assertNotSame(checked, kept);
    assertSame(kept, known.check("a.b == 1", VARIABLES));
    assertThrows(IllegalArgumentException.class, () -> known.get("c == 1", VARIABLES));
    assertEquals(kept.bytes(), known.bytes());
  }

  @Test
  void conditionsOverOtherVariablesAreOthers() {
    Condition object = known.get("a == a", VARIABLES);
    assertNotSame(object, known.get("a == a", Map.of("a", Condition.Type.TEXT)));
  }
}
