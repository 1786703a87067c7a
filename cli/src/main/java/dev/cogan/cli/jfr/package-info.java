/** What a training tells Java Flight Recorder; {@code docs/jfr.md} shows a session. */
package dev.cogan.cli.jfr;
