package dev.errand;

import org.junit.platform.suite.api.ExcludeClassNamePatterns;
import org.junit.platform.suite.api.ExcludePackages;
import org.junit.platform.suite.api.SelectPackages;

/** Every package that no other suite has, so that no test is forgotten. */
@ServiceSuite
@SelectPackages("dev.errand")
@ExcludePackages({
  "dev.errand.adapters",
  "dev.errand.app",
  "dev.errand.automation.notice",
  "dev.errand.automation.schedule",
  "dev.errand.automation.trigger",
  "dev.errand.identity",
  "dev.errand.models",
  "dev.errand.openapi",
  "dev.errand.runs.lifecycle",
  "dev.errand.runs.provider",
  "dev.errand.runs.task",
  "dev.errand.tools"
})
@ExcludeClassNamePatterns({
  "dev.errand.base.limit.BodyBudgetTest",
  "dev.errand.base.limit.FullServerTest",
  "dev.errand.base.limit.ConnectionGuardTest",
  "dev.errand.base.limit.TlsConnectionTest",
  "dev.errand.runs.live.WatchStreamTest",
  "dev.errand.automation.heartbeat.HeartbeatTest",
  "dev.errand.automation.watch.TaskWatchTest",
  "dev.errand.automation.watch.WatchPlanTest"
})
class RemainingSuite {}
