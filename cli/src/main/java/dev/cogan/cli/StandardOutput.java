package dev.cogan.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Standard output that remembers why it could not be written: results that went nowhere are a
 * failure, a reader that has seen enough ({@code | head -1}) is none.
 */
final class StandardOutput extends FilterOutputStream {
  private IOException failure;

  StandardOutput(OutputStream out) {
    super(out);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      failure = failure == null ? e : failure;
      throw e;
    }
  }

  /** Why something could not be written, or null: also if only the reader has gone. */
  String failure() {
    String text = failure == null ? null : String.valueOf(failure.getMessage());
    // Linux and macOS say "Broken pipe", Windows "The pipe is being closed".
    return text == null || text.toLowerCase(java.util.Locale.ROOT).contains("pipe") ? null : text;
  }
}
