package dev.errand.models.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.errand.models.loop.LoopRuns;
import dev.errand.support.ScriptedModel;
import dev.errand.support.ScriptedModel.Answer;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run whose last message is not all of the model's answer says so. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class FinishReasonTest {
  private final ScriptedModel model = new ScriptedModel();

  @AfterEach
  void stop() {
    model.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{'message':{'content':'Half'},'finish_reason':'length'}|length|output_cut",
        "{'message':{'content':'Half'},'finish_reason':'content_filter'}|content_filter|output_filtered",
        "{'message':{'content':null,'refusal':'No.'},'finish_reason':'stop'}|refusal|output_filtered",
      })
  void aLastMessageThatIsNotAllOfTheAnswerIsMarked(String choice, String reason, String code) {
    model.script(request -> new Answer(200, "{\"choices\":[" + choice.replace('\'', '"') + "]}"));
    JsonPath run = LoopRuns.run(model, Map.of());

    assertEquals("ready", run.getString("status"), run.prettify());
    assertEquals(reason, run.getString("finish_reason"));
    assertEquals(40, run.getInt("results[-2].level"), run.prettify());
    assertEquals(code, run.getString("results[-2].code"));
    assertEquals("final message", run.getString("results[-1].msg"));
  }

  @Test
  void aWholeLastMessageHasNoMark() {
    model.script(
        request ->
            new Answer(
                200,
                "{\"choices\":[{\"message\":{\"content\":\"A\"},\"finish_reason\":\"stop\"}],"
                    + "\"usage\":{\"prompt_tokens\":1}}"));
    JsonPath run = LoopRuns.run(model, Map.of());

    assertFalse(run.getMap("").containsKey("finish_reason"), run.prettify());
    assertEquals(List.of("message", "final message"), run.getList("results.msg"));
  }
}
