/**
 * Drives a model's tool loop: given an assignment, it reports through a listener and knows no task,
 * run or SQL.
 */
@NullMarked
package dev.errand.runner;

import org.jspecify.annotations.NullMarked;
