package dev.errand.models.anthropic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the vendor is known to refuse is refused before a run asks it. */
class AnthropicSettingsTest {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "'model':'m','temperature':1.1|temperature|between 0 and 1",
        "'model':'m','top_p':-1|top_p|between 0 and 1",
        "'model':'m','top_k':-1|top_k|0 or more",
        "'model':'m','max_tokens':0|max_tokens|1 or more",
        "'model':'m','stop_sequences':['a',' ']|stop_sequences[1]|blank",
        "'model':'m','stop_sequences':[null]|stop_sequences[0]|blank",
        "'model':'m','effort':'none'|effort|low, medium, high, xhigh, max",
        "'model':'m','thinking':{}|thinking.type|adaptive, between_tools, disabled, enabled",
        "'model':'m','thinking':{'type':'on'}|thinking.type|adaptive, between_tools",
        "'model':'m','thinking':{'type':'enabled'}|thinking.budget_tokens|1024",
        "'model':'m','thinking':{'type':'enabled','budget_tokens':1000}|thinking.budget_tokens|1024",
        "'model':'m','thinking':{'type':'enabled','budget_tokens':'many'}|thinking.budget_tokens|1024",
        "'model':'m','thinking':{'type':'enabled','budget_tokens':16000}|thinking.budget_tokens|anthropic.max_tokens, which is 16000 by default",
        "'model':'m','max_tokens':4000,'thinking':{'type':'enabled','budget_tokens':5000}|thinking.budget_tokens|is 4000",
        "'model':'m','temperature':0.2,'thinking':{'type':'adaptive'}|temperature|beside anthropic.thinking",
        "'model':'m','top_p':0.9,'thinking':{'type':'enabled','budget_tokens':2000}|top_p|beside anthropic.thinking",
        "'model':'m','top_k':5,'thinking':{'type':'adaptive'}|top_k|beside anthropic.thinking",
        "'model':'m','tool_choice':{'type':'required'}|tool_choice.type|any, auto, none, tool",
        "'model':'m','tool_choice':{'type':'tool'}|tool_choice.name|required",
        "'model':'claude-opus-5-5','temperature':0|temperature|with claude-opus-5-5",
        "'model':'claude-haiku-5-5','top_k':1|top_k|with claude-haiku-5-5",
        "'model':'claude-opus-5-5','max_tokens':128001|max_tokens|128000 at most with claude-opus-5-5",
        "'model':'claude-opus-5-5','thinking':{'type':'disabled'}|thinking.type|must be adaptive with claude-opus-5-5",
        "'model':'claude-opus-5-5','thinking':{'type':'enabled','budget_tokens':2000}|thinking.type|must be adaptive",
        "'model':'claude-fable-5-2-20261110','thinking':{'type':'disabled'}|thinking.type|must be adaptive",
        "'model':'claude-sonnet-5-5','thinking':{'type':'disabled'}|thinking.type|adaptive or between_tools",
        "'model':'claude-haiku-5-5','thinking':{'type':'between_tools'}|thinking.type|adaptive or disabled",
        "'model':'claude-opus-5-5','tool_choice':{'type':'any'}|tool_choice.type|auto or none with claude-opus-5-5",
        "'model':'claude-fable-5-1','tool_choice':{'type':'tool','name':'f'}|tool_choice.type|auto or none",
      })
  void whatIsKnownToBeRefusedIsNamed(String fields, String field, String sentence)
      throws JsonProcessingException {
    AnthropicSettings settings = settings(fields);
    ApiException refused = assertThrows(ApiException.class, settings::checked);

    assertEquals("anthropic." + field, refused.errors().getFirst().field());
    String message = refused.errors().getFirst().message();
    assertTrue(message.contains(sentence), message);
    ObjectNode ofProvider = JSON.valueToTree(settings);
    ofProvider.remove("prompt");
    assertThrows(
        ApiException.class,
        JSON.treeToValue(ofProvider, AnthropicSettings.class)::checkedForProvider);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'model':'m','temperature':0.2,'top_p':0.5,'top_k':5",
        "'model':'m','temperature':1,'top_p':0.95,'thinking':{'type':'adaptive'}",
        "'model':'m','temperature':0.2,'thinking':{'type':'disabled'}",
        "'model':'m','thinking':{'type':'enabled','budget_tokens':1024,'display':'omitted'}",
        "'model':'m','max_tokens':1000000,'tool_choice':{'type':'any'}",
        "'model':'claude-opus-5-5','effort':'max','max_tokens':128000,'temperature':1",
        "'model':'claude-opus-5-5','thinking':{'type':'adaptive','display':'summarized'}",
        "'model':'claude-opus-5-5','tool_choice':{'type':'auto','disable_parallel_tool_use':true}",
        "'model':'claude-sonnet-5-5','thinking':{'type':'between_tools'}",
        "'model':'claude-haiku-5-5','thinking':{'type':'disabled'},'tool_choice':{'type':'any'}",
        "'model':'m','stop_sequences':['END'],'stream':true,'base_url':'https://a.example/v1'",
      })
  void whatMayBeRightIsTaken(String fields) throws JsonProcessingException {
    AnthropicSettings settings = settings(fields);

    assertEquals(settings, settings.checked());
  }

  @Test
  void aCopyKeepsWhatIsTheVendors() throws JsonProcessingException {
    AnthropicSettings settings =
        settings(
            "'model':'m','system':'s','temperature':1,'top_p':1,'top_k':3,'max_tokens':5,"
                + "'thinking':{'type':'adaptive'},'effort':'low','tool_choice':{'type':'auto'},"
                + "'stop_sequences':['a'],'stream':false,'base_url':'https://a.example',"
                + "'of_tomorrow':1");
    ObjectNode copied = JSON.valueToTree(settings.copy("q", "n", "t", "https://b.example"));

    ObjectNode expected = JSON.valueToTree(settings);
    expected.put("prompt", "q").put("model", "n").put("system", "t");
    expected.put("base_url", "https://b.example");
    assertEquals(expected, copied);
    assertEquals(14, copied.size());
    assertEquals(1, copied.path("of_tomorrow").asInt());
  }

  private static AnthropicSettings settings(String fields) throws JsonProcessingException {
    return JSON.readValue(
        ("{'prompt':'p'," + fields + "}").replace('\'', '"'), AnthropicSettings.class);
  }
}
