package dev.errand.tools.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApprovalRulesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Json JSONS = new Json(JSON);

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static ApprovalRules rules(String text) {
    return ApprovalRules.checked("approvals", json(text));
  }

  private static boolean wants(String rules, String tool, String arguments) {
    return rules(rules).wants(tool, (ObjectNode) json(arguments));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|post|{}|false",
        "{\"post\":\"always\"}|post|{}|true",
        "{\"post\":\"always\"}|read|{}|false",
        "{\"*\":\"always\"}|post|{}|true",
        "{\"*\":\"always\",\"read\":\"never\"}|read|{}|false",
        "{\"post\":{\"when\":\"arguments.amount > 100\"}}|post|{\"amount\":101}|true",
        "{\"post\":{\"when\":\"arguments.amount > 100\"}}|post|{\"amount\":100}|false",
      })
  void aRuleSaysWhichCallsWait(String rules, String tool, String arguments, boolean waits) {
    assertEquals(waits, wants(rules, tool, arguments));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|{\"a\":\"always\"}|{\"a\":\"always\"}",
        "{\"a\":\"never\",\"b\":\"always\"}|{\"a\":{\"when\":\"true\"}}|{\"a\":{\"when\":\"true\"},\"b\":\"always\"}",
        "{\"a\":\"never\"}|{\"*\":\"always\"}|{\"a\":\"always\",\"*\":\"always\"}",
        "{\"a\":{\"when\":\"true\"}}|{\"a\":{\"when\":\"false\"}}|{\"a\":\"always\"}",
      })
  void ofTwoRulesTheStricterHolds(String one, String other, String both) {
    assertEquals(json(both), rules(one).and(rules(other)).json());
    assertTrue(rules(both).areAsStrictAs(rules(one)) && rules(both).areAsStrictAs(rules(other)));
  }

  @Test
  void aCallWaitsWhoseConditionCantBeEvaluated() {
    String rules = "{'post':{'when':'arguments.amount > 100'}}";
    assertTrue(wants(rules, "post", "{}"));
    assertTrue(wants(rules, "post", "{'amount':'a lot'}"));
    assertTrue(wants(rules, "post", "{'amount':null}"));
  }

  @Test
  void whatThisVersionCantReadLetsCallsWait() {
    ApprovalRules rules =
        ApprovalRules.stored(json("{'a':'sometimes','b':{'when':'what('},'c':'never'}"));
    ObjectNode none = JSON.createObjectNode();
    assertTrue(rules.wants("a", none));
    assertTrue(rules.wants("b", none));
    assertFalse(rules.wants("c", none));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|approvals",
        "\"always\"|approvals",
        "{\"post\":\"sometimes\"}|approvals.post",
        "{\"post\":true}|approvals.post",
        "{\"post\":null}|approvals.post",
        "{\"post\":{\"when\":\"true\",\"else\":1}}|approvals.post",
        "{\"post\":{\"when\":\"amount > 1\"}}|approvals.post.when",
        "{\"post\":{\"when\":\"1 + 1\"}}|approvals.post.when",
        "{\"post\":{\"when\":\"\"}}|approvals.post.when",
        "{\"\":\"always\"}|approvals",
      })
  void wrongRulesAreRefusedByTheirField(String rules, String field) {
    ApiException refused = assertThrows(ApiException.class, () -> rules(rules));
    String sentence = String.valueOf(refused.getMessage());
    assertTrue(sentence.startsWith(field + ": "), sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|{}|true",
        "{\"a\":\"always\"}|{}|true",
        "{}|{\"a\":\"always\"}|false",
        "{\"*\":\"always\"}|{\"a\":\"always\"}|true",
        "{\"*\":\"always\",\"a\":\"never\"}|{\"*\":\"always\"}|false",
        "{\"a\":{\"when\":\"true\"}}|{\"a\":\"always\"}|false",
        "{\"a\":\"always\"}|{\"a\":{\"when\":\"true\"}}|true",
        "{\"a\":{\"when\":\"true\"}}|{\"a\":{\"when\":\"false\"}}|false",
        "{\"a\":{\"when\":\"true\"}}|{\"a\":{\"when\":\"true\"}}|true",
        "{\"a\":\"never\"}|{}|true",
      })
  void rulesAreComparedByTheCallsThatWait(String rules, String others, boolean asStrict) {
    assertEquals(asStrict, rules(rules).areAsStrictAs(rules(others)));
  }

  @Test
  void rulesAreShownAsTheyWereSent() {
    String text = "{'b':'always','a':{'when':'arguments.x == 1'},'*':'never'}";
    assertEquals(json(text), rules(text).json());
    assertEquals(rules(text), ApprovalRules.stored(json(text)));
  }

  @Test
  void rulesAreReadFromWhatTheyAreWrittenAs() {
    String json = "{\"pay\":{\"when\":\"arguments.usd > 5\"},\"*\":\"never\"}";
    assertEquals(json, JSONS.write(rules(json)));
    assertEquals(rules(json), JSONS.read(json, ApprovalRules.class));
    assertEquals(rules(json), ApprovalRules.stored(JSONS, json));
  }

  @Test
  void rulesAreBounded() {
    ObjectNode many = JSONS.object();
    for (int i = 0; i < 10; i++) {
      many.putObject("tool" + i).put("when", "'%s' == arguments.a".formatted("x".repeat(3_900)));
    }
    assertThrows(ApiException.class, () -> ApprovalRules.checked("approvals", many));
    ObjectNode more = JSONS.object();
    for (int i = 0; i < 301; i++) {
      more.put("tool" + i, "always");
    }
    assertThrows(ApiException.class, () -> ApprovalRules.checked("approvals", more));
    more.remove("tool0");
    assertEquals(300, ApprovalRules.checked("approvals", more).byTool().size());
  }
}
