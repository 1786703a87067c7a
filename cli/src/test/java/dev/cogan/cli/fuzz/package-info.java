/**
 * Untrusted files: what a coverage-guided fuzzer (Jazzer, {@code .ci/fuzz}) calls, the seeds it
 * starts from, and the test that runs seeds and former findings again.
 */
package dev.cogan.cli.fuzz;
