/**
 * Random numbers that are the same bits on every JVM. Read {@link RandomStream}: its whole state is
 * one long, so that a checkpoint can hold it. Each purpose (start values, z, the order of a
 * domain's images, dropout) has a stream of its own, named by a seed and a text. {@code EighthTurn}
 * is the sine and cosine behind its normal numbers. Tests: {@code RandomStreamTest}, {@code
 * EighthTurnTest}.
 */
package dev.cogan.engine.random;
