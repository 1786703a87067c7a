/**
 * Benchmarks of the kernels, of training steps and of sampling, for JMH. Each benchmark compares
 * its result with the plain kernels once before it is timed.
 */
package dev.cogan.bench;
