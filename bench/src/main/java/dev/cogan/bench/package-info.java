/**
 * Benchmarks of the kernels, of training steps and of sampling, for JMH. Before a benchmark is
 * timed its result is compared with other kernels'; the README says how far.
 */
package dev.cogan.bench;
