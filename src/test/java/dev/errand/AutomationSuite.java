package dev.errand;

import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.SelectPackages;

/** What starts runs, what they use, and who is told: schedules, triggers, tools, notices. */
@ServiceSuite
@SelectPackages({
  "dev.errand.automation.notice",
  "dev.errand.automation.schedule",
  "dev.errand.automation.trigger",
  "dev.errand.runs.lifecycle",
  "dev.errand.runs.provider",
  "dev.errand.tools"
})
@SelectClasses(
    names = {
      "dev.errand.automation.heartbeat.HeartbeatTest",
      "dev.errand.automation.watch.TaskWatchTest",
      "dev.errand.automation.watch.WatchPlanTest",
      "dev.errand.identity.audit.AuditTableTest",
      "dev.errand.identity.token.TokenSecretsTest"
    })
class AutomationSuite {}
