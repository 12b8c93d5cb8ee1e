import errand.ApiClient;
import errand.api.*;
import errand.model.*;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** What a client in Java can do besides the guide: each line failed to compile or to run once. */
public class More {
  private static final String PROFILE = "default";
  private static final String TASK = "greet";

  public static void main(String[] args) throws Exception {
    ApiClient client = new ApiClient();
    client.updateBaseUri(System.getenv("ERRAND_SERVER"));
    String token = System.getenv("ERRAND_TOKEN");
    client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
    tasks(new TasksApi(client));
    runs(new RunsApi(client));
    schedules(new SchedulesApi(client));
    McpAnswer tools =
        new McpApi(client)
            .sendMcpMessage(
                new McpMessage().jsonrpc("2.0").id(new McpMessageId(1)).method("tools/list"));
    check("tools", tools.getResult().containsKey("tools"));
    System.out.println("done");
  }

  private static void tasks(TasksApi tasks) throws Exception {
    ToolChoice function = new ToolChoice().type("function");
    function.putAdditionalProperty("function", Map.of("name", "calc_calculate"));
    OpenAiPatch openai =
        new OpenAiPatch()
            .temperature(new BigDecimal("0.5"))
            .toolChoice(new ToolSelection(function));
    TaskSettingsPatch settings =
        new TaskSettingsPatch()
            .approvals(Map.of("*", new ApprovalRule(new ApprovalRuleOneOf().when("false"))));
    Task task =
        tasks.patchTask("~", PROFILE, TASK, new TaskPatch().openai(openai).settings(settings), null);
    check("object", task.getOpenai().getToolChoice().getActualInstance() instanceof ToolChoice);
    check("rule", task.getSettings().getApprovals().containsKey("*"));
    check("what is absent stays", task.getSettings().getMaxSteps() == 5);
    openai =
        new OpenAiPatch().temperature(null).toolChoice(new ToolSelection("auto"));
    task = tasks.patchTask("~", PROFILE, TASK, new TaskPatch().openai(openai), null);
    check("null", task.getOpenai().getTemperature() == null);
    check("text", task.getOpenai().getToolChoice().getActualInstance().equals("auto"));
    check("list", !tasks.listTasks("~", PROFILE, 10, null).isEmpty());
  }

  private static void runs(RunsApi runs) throws Exception {
    Run run = runs.getRun("~", PROFILE, TASK, "ada", 60, null);
    List<Entry> entries = run.getResults();
    Object last = entries.getLast().getActualInstance();
    check("a final message", last instanceof FinalMessageEntry);
    check("its text", ((FinalMessageEntry) last).getLastMessage().get("content") != null);
    check("a message", entries.getFirst().getActualInstance() instanceof MessageEntry);
    check("runs", !runs.listRuns("~", PROFILE, TASK, "ready", null, 10, null).isEmpty());
    RunRequest refused = new RunRequest().parameters(Map.of("name", "nobody"));
    RunError error = runs.putRun("~", PROFILE, TASK, "failed", 60, refused).getError();
    check("a code", error.getCode().getActualInstance() == RunFailure.MODEL_REFUSED);
    check("for good", !error.getRetryable());
  }

  private static void schedules(SchedulesApi schedules) throws Exception {
    ScheduleRequest request =
        new ScheduleRequest().every("P1D").parameters(Map.of("name", "Ada"));
    Schedule schedule = schedules.putSchedule("~", PROFILE, TASK, "daily", request, null, null);
    check("waits", schedule.getRetry().getActualInstance() instanceof List<?>);
    SchedulePatch never = new SchedulePatch().retry(new ScheduleRetry("never"));
    schedule = schedules.patchSchedule("~", PROFILE, TASK, "daily", never, null);
    check("never", schedule.getRetry().getActualInstance().equals("never"));
    SchedulePatch disabled = new SchedulePatch().enabled(false);
    schedule = schedules.patchSchedule("~", PROFILE, TASK, "daily", disabled, null);
    check("still never", schedule.getRetry().getActualInstance().equals("never"));
    SchedulePatch waits = new SchedulePatch().retry(new ScheduleRetry(List.of("PT5M")));
    schedule = schedules.patchSchedule("~", PROFILE, TASK, "daily", waits, null);
    check("a wait", schedule.getRetry().getActualInstance().equals(List.of("PT5M")));
    check("fires", schedules.listFires("~", PROFILE, TASK, "daily").isEmpty());
    FireExplanation why =
        schedules.explainFire("~", PROFILE, TASK, "daily", "2026-11-25T22:57:00Z");
    check("a sentence", !why.getSentence().isEmpty());
    schedules.deleteSchedule("~", PROFILE, TASK, "daily", null);
  }

  private static void check(String what, boolean isSo) {
    if (!isSo) {
      throw new AssertionError(what);
    }
  }
}
