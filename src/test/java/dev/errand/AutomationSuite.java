package dev.errand;

import org.junit.platform.suite.api.SelectPackages;

/** What starts runs and what they use: schedules, triggers, providers and tools. */
@ServiceSuite
@SelectPackages({
  "dev.errand.automation.schedule",
  "dev.errand.automation.trigger",
  "dev.errand.runs.lifecycle",
  "dev.errand.runs.provider",
  "dev.errand.tools"
})
class AutomationSuite {}
