package dev.parley.session;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * By what a batch of the SDK's writers is recognised when it comes again. A writer that gets no
 * acknowledgement sends the same batch again (s2.md section 4.4), and the random ids in its records
 * tell that it is the same one.
 *
 * <p>The id is made of the number of bytes and of 64 bits of checksum over all of them. Two batches
 * that differ in nothing but one id never have the same, because any difference within 64
 * neighbouring bits shows in one of the two polynomials.
 */
final class BatchId {
  private BatchId() {}

  /**
   * Empty for a batch that could not be told from another one with the same content.
   *
   * @param content of each of its records
   */
  static <T> Optional<PartId> of(List<T> batch, Function<T, RecordContent> content) {
    long length = 0;
    for (T item : batch) {
      RecordContent record = content.apply(item);
      if (!record.isSdkData()) {
        return Optional.empty();
      }
      length += record.body().length();
    }
    return batch.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new PartId(
                checksum(new CRC32C(), batch, content) << Integer.SIZE
                    | checksum(new CRC32(), batch, content),
                length));
  }

  private static <T> long checksum(
      Checksum checksum, List<T> batch, Function<T, RecordContent> content) {
    for (T item : batch) {
      byte[] body = content.apply(item).body().array();
      checksum.update(ByteBuffer.allocate(Integer.BYTES).putInt(body.length).array());
      checksum.update(body);
    }
    return checksum.getValue();
  }
}
