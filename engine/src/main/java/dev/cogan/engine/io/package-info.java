/**
 * Files and their formats, written from scratch; readers believe no number in a file. Read {@link
 * SafetensorsFile} first, the format of checkpoints: {@link SafetensorsWriter} writes it, through
 * {@link AtomicFile}, which leaves a whole file or none, and its metadata are {@link Json}. {@link
 * Npy} exchanges arrays with NumPy. {@link ImageGrid} lays out samples as one picture, {@link Png}
 * and {@link AnimatedPng} write it. What is wrong with an input is said by an {@link
 * InputException}. Tests to begin with: {@code SafetensorsTest}, {@code JsonTest}.
 */
package dev.cogan.engine.io;
