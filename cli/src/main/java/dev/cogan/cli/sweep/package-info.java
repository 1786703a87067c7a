/** What {@code cogan sweep} keeps of its trainings: the log, means and intervals, the chart. */
package dev.cogan.cli.sweep;
