package dev.cogan.engine.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;

/** Where the bytes of a {@link SafetensorsFile} are: a file, or memory. */
interface ByteSource {
  long size() throws IOException;

  /** As {@link FileChannel#read(ByteBuffer, long)}. */
  int read(ByteBuffer into, long position) throws IOException;

  void close() throws IOException;

  /**
   * A channel, since on Windows it lets others delete or replace the file meanwhile, as a training
   * does with its checkpoints. A thread that reads from it with an interrupt pending closes it: it
   * is opened again, and the interrupt stays pending.
   */
  final class InFile implements ByteSource {
    private final Path path;
    private final List<Object> identity;
    private FileChannel channel;

    InFile(Path path) throws IOException {
      this.path = path;
      this.identity = identity();
      this.channel = FileChannel.open(path, StandardOpenOption.READ);
    }

    /** What tells the file from another one that has taken its name. */
    private List<Object> identity() throws IOException {
      BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
      return Arrays.asList(now.fileKey(), now.size(), now.lastModifiedTime());
    }

    private interface Action<T> {
      T of(FileChannel channel) throws IOException;
    }

    private <T> T uninterrupted(Action<T> action) throws IOException {
      boolean interrupted = false;
      try {
        while (true) {
          try {
            return action.of(channel);
          } catch (ClosedByInterruptException e) {
            interrupted |= Thread.interrupted();
            channel = FileChannel.open(path, StandardOpenOption.READ);
            if (!identity.equals(identity())) {
              throw new IOException("has been replaced while it was read");
            }
          }
        }
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    @Override
    public long size() throws IOException {
      return uninterrupted(FileChannel::size);
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      return uninterrupted(open -> open.read(into, position));
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  record InMemory(byte[] bytes) implements ByteSource {
    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public int read(ByteBuffer into, long position) {
      if (position >= bytes.length) {
        return -1;
      }
      int count = Math.min(into.remaining(), bytes.length - (int) position);
      into.put(bytes, (int) position, count);
      return count;
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
