package dev.errand.tools.mcp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.base.json.Json;
import dev.errand.base.limit.JsonWeight;
import dev.errand.base.limit.LruCache;
import dev.errand.base.secret.Sha256;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToolSetsTest {
  private static final long MOST = 4_000_000;

  private final ToolSetReader reader = new ToolSetReader(new Json(new ObjectMapper()));
  private final LruCache<String, ToolSet> remembered = ToolSets.cache(MOST);

  @Test
  void setsOfManySmallValuesAreWeighedAsTrees() {
    List<ToolSet> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String text =
          "[{\"name\":\"t%d\",\"inputSchema\":{\"type\":\"object\",\"enum\":[%s{}]}}]"
              .formatted(i, "{},".repeat(10_000));
      ToolSet set = reader.read(Sha256.hex(text), text);
      remembered.put(set.digest(), set);
      all.add(set);
    }
    List<ToolSet> kept =
        all.stream().filter(set -> remembered.find(set.digest()).isPresent()).toList();
    long weight = kept.stream().mapToLong(set -> JsonWeight.of(set.text())).sum();
    assertTrue(weight <= MOST, weight + " bytes");
    assertTrue(kept.size() > 1, kept.size() + " sets");
  }
}
