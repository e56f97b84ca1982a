package dev.parley.session;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The operations that a command record can ask for (s2.md section 3.1). */
enum RecordCommand {
  TRIM,
  FENCE,
  UNKNOWN;

  static final int MAX_FENCING_TOKEN = 36;

  private static final Bytes TRIM_OP = Bytes.utf8("trim");
  private static final Bytes FENCE_OP = Bytes.utf8("fence");

  /** The operation of a record for which {@link RecordContent#isCommand()} holds. */
  static RecordCommand of(RecordContent command) {
    Bytes op = command.headers().get(0).value();
    if (op.equals(TRIM_OP)) {
      return TRIM;
    }
    return op.equals(FENCE_OP) ? FENCE : UNKNOWN;
  }

  /** What is wrong with the record's headers or command; empty when it may be appended. */
  static Optional<String> problem(RecordContent record) {
    if (!record.isCommand()) {
      return record.headers().stream().anyMatch(header -> header.name().isEmpty())
          ? Optional.of("a header name must not be empty, except in a command record")
          : Optional.empty();
    }
    int length = record.body().length();
    return switch (of(record)) {
      case TRIM ->
          length == Long.BYTES
              ? Optional.empty()
              : Optional.of("trim needs a body of 8 bytes, got " + length);
      case FENCE -> {
        if (length > MAX_FENCING_TOKEN) {
          yield Optional.of("a fencing token has at most 36 bytes, got " + length);
        }
        yield isUtf8(record.body())
            ? Optional.empty()
            : Optional.of("a fencing token must be UTF-8");
      }
      case UNKNOWN -> Optional.of("unknown command; known are trim and fence");
    };
  }

  private static boolean isUtf8(Bytes bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.array()));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
