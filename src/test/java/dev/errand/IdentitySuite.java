package dev.errand;

import org.junit.platform.suite.api.SelectPackages;

/** Users and what they may do, models, and tasks. */
@ServiceSuite
@SelectPackages({"dev.errand.identity", "dev.errand.models", "dev.errand.runs.task"})
class IdentitySuite {}
