/** Text for a terminal. */
package dev.cogan.cli.text;
