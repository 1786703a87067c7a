/** Trained models for other programs: ONNX, written by hand, and weights from other programs. */
package dev.cogan.cli.export;
