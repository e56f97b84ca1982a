package dev.parley.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Bytes in a directory, which all nodes must share. A file that is still coming ends in {@code
 * .part}; its name is its id alone, so nothing a client says is ever part of a path.
 */
public final class DirectoryBytes implements FileBytes {
  static final String PLACE = "directory";

  private final Path directory;
  private final Executor executor;

  /**
   * @param directory made when the first file comes
   * @param executor runs what blocks
   */
  public DirectoryBytes(Path directory, Executor executor) {
    this.directory = directory;
    this.executor = executor;
  }

  @Override
  public String place() {
    return PLACE;
  }

  @Override
  public CompletionStage<Void> append(UUID file, int number, byte[] piece) {
    return blocking(
        () -> {
          Path part = part(file);
          Files.createDirectories(part.getParent());
          // One that was given up meanwhile is not made again.
          try (FileChannel channel =
              number == 0
                  ? FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                  : FileChannel.open(part, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(piece);
            long position = (long) number * PIECE;
            while (bytes.hasRemaining()) {
              position += channel.write(bytes, position);
            }
          }
          return null;
        });
  }

  @Override
  public CompletionStage<Void> seal(UUID file) {
    return blocking(
        () -> {
          Path part = part(file);
          Files.createDirectories(part.getParent());
          // An empty file had no piece.
          try (FileChannel channel =
              FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.force(true);
          }
          Files.move(part, whole(file), StandardCopyOption.ATOMIC_MOVE);
          try (FileChannel names = FileChannel.open(part.getParent(), StandardOpenOption.READ)) {
            names.force(true);
          }
          return null;
        });
  }

  @Override
  public CompletionStage<byte[]> read(UUID file, int number) {
    return blocking(
        () -> {
          try (FileChannel channel = FileChannel.open(whole(file), StandardOpenOption.READ)) {
            long position = (long) number * PIECE;
            long left = Math.max(0, Math.min(PIECE, channel.size() - position));
            ByteBuffer piece = ByteBuffer.allocate((int) left);
            while (piece.hasRemaining() && channel.read(piece, position + piece.position()) >= 0) {
              // Until it is full.
            }
            return piece.array();
          } catch (NoSuchFileException e) {
            throw new IOException(
                "The file " + file + " is not in " + directory + "; do all nodes share it?", e);
          }
        });
  }

  @Override
  public CompletionStage<Void> remove(UUID file) {
    return blocking(
        () -> {
          Files.deleteIfExists(part(file));
          Files.deleteIfExists(whole(file));
          return null;
        });
  }

  private Path whole(UUID file) {
    String name = file.toString();
    return directory.resolve(name.substring(0, 2)).resolve(name);
  }

  private Path part(UUID file) {
    Path whole = whole(file);
    return whole.resolveSibling(whole.getFileName() + ".part");
  }

  private <T> CompletionStage<T> blocking(Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    executor.execute(
        () -> {
          try {
            result.complete(work.call());
          } catch (Exception e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }
}
