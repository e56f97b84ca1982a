package dev.parley.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The right to use a data directory, held by one process at a time. The operating system gives it
 * back when the process dies, however it dies, so that a lock never goes stale.
 */
final class DataDirectoryLock implements AutoCloseable {
  /**
   * Directories locked by this JVM. On POSIX, closing any descriptor of a file gives up every lock
   * the process holds on it: a second attempt in the same JVM must not even open the file.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel channel;

  private DataDirectoryLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /**
   * Locks {@code <directory>/lock}, creating the directory when there is none.
   *
   * @throws DatabaseException at once when another server has it, or the directory can't be written
   */
  static DataDirectoryLock acquire(Path directory) {
    Path real;
    try {
      real = Files.createDirectories(directory).toRealPath();
    } catch (IOException e) {
      throw new DatabaseException(
          "The data directory " + directory + " cannot be created: " + e, e);
    }
    if (!HELD.add(real)) {
      throw inUse(real, "this process");
    }
    try {
      return new DataDirectoryLock(real, lock(real));
    } catch (RuntimeException e) {
      HELD.remove(real);
      throw e;
    }
  }

  /** The locked directory, without symbolic links. */
  Path directory() {
    return directory;
  }

  /** Gives the directory free. Doing it again changes nothing. */
  @Override
  public void close() {
    if (!channel.isOpen()) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      throw new DatabaseException("The lock of " + directory + " could not be released: " + e, e);
    } finally {
      HELD.remove(directory);
    }
  }

  private static FileChannel lock(Path directory) {
    Path file = directory.resolve("lock");
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        String owner = Files.readString(file).strip();
        channel.close();
        throw inUse(directory, owner.isEmpty() ? "another process" : "process " + owner);
      }
      byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
      channel.truncate(0).write(ByteBuffer.wrap(pid), 0);
      return channel;
    } catch (IOException e) {
      closeAfter(e, channel);
      throw new DatabaseException("The data directory " + directory + " cannot be locked: " + e, e);
    }
  }

  private static void closeAfter(IOException failure, @Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private static DatabaseException inUse(Path directory, String owner) {
    return new DatabaseException(
        "The data directory "
            + directory
            + " is in use by another Parley server ("
            + owner
            + "). Stop that one, or give this one a data directory of its own.");
  }
}
