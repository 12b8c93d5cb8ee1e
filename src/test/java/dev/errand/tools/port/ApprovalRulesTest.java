package dev.errand.tools.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ApprovalRulesTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Json JSON = new Json(MAPPER);

  private static JsonNode tree(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ApprovalRules rules(String json) {
    return ApprovalRules.checked("approvals", tree(json));
  }

  private static boolean waits(ApprovalRules rules, String tool, String arguments) {
    return rules.wants(tool, (ObjectNode) tree(arguments));
  }

  @Test
  void aToolHasItsOwnRuleOrThatOfAllOthers() {
    ApprovalRules rules =
        rules(
            "{\"read\": \"never\", \"pay\": {\"when\": \"arguments.usd > 5\"}, \"*\": \"always\"}");
    assertFalse(waits(rules, "read", "{}"));
    assertFalse(waits(rules, "pay", "{\"usd\": 5}"));
    assertTrue(waits(rules, "pay", "{\"usd\": 5.01}"));
    assertTrue(waits(rules, "post", "{}"));
    assertFalse(waits(rules("{\"read\": \"always\"}"), "post", "{}"));
  }

  @Test
  void aConditionThatCantBeEvaluatedLetsTheCallWait() {
    ApprovalRules rules = rules("{\"*\": {\"when\": \"arguments.usd > 5\"}}");
    assertTrue(waits(rules, "pay", "{}"));
    assertTrue(waits(rules, "pay", "{\"usd\": \"1\"}"));
    assertTrue(waits(rules, "pay", "{\"usd\": null}"));
  }

  @Test
  void whatThisVersionCantReadLetsCallsWait() {
    ApprovalRules stored =
        ApprovalRules.stored(
            JSON, "{\"a\": \"twice\", \"b\": {\"when\": \"new()\"}, \"c\": \"never\"}");
    assertTrue(waits(stored, "a", "{}"));
    assertTrue(waits(stored, "b", "{}"));
    assertFalse(waits(stored, "c", "{}"));
    assertEquals(ApprovalRules.NONE, ApprovalRules.stored(JSON, null));
  }

  @Test
  void rulesAreReadFromWhatTheyAreWrittenAs() {
    String json = "{\"pay\":{\"when\":\"arguments.usd > 5\"},\"*\":\"never\"}";
    assertEquals(json, JSON.write(rules(json)));
    assertEquals(rules(json), JSON.read(json, ApprovalRules.class));
    assertEquals(rules(json), ApprovalRules.stored(JSON, json));
  }

  @Test
  void rulesAreBounded() {
    ObjectNode many = JSON.object();
    for (int i = 0; i < 10; i++) {
      many.putObject("tool" + i).put("when", "'%s' == arguments.a".formatted("x".repeat(3_900)));
    }
    assertThrows(ApiException.class, () -> ApprovalRules.checked("approvals", many));
    ObjectNode more = JSON.object();
    for (int i = 0; i < 301; i++) {
      more.put("tool" + i, "always");
    }
    assertThrows(ApiException.class, () -> ApprovalRules.checked("approvals", more));
    more.remove("tool0");
    assertEquals(300, ApprovalRules.checked("approvals", more).byTool().size());
  }
}
