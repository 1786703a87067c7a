/** What {@code cogan bench} measures: the machine, the kernels, training steps. */
package dev.cogan.cli.bench;
