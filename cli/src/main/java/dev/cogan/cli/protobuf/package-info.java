/** Protocol Buffers, as far as ONNX models and TensorBoard's event files need them. */
package dev.cogan.cli.protobuf;
