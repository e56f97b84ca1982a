package dev.parley.http.s2;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The protobuf messages of s2.md section 4.3, written by hand from that text. */
final class S2Messages {
  record Head(ByteString name, ByteString value) {
    static Head of(String name, String value) {
      return new Head(ByteString.copyFromUtf8(name), ByteString.copyFromUtf8(value));
    }
  }

  /** A record as a client hands it in. */
  record Draft(@Nullable Long timestamp, List<Head> headers, ByteString body) {
    static Draft of(String body, Head... headers) {
      return new Draft(null, List.of(headers), ByteString.copyFromUtf8(body));
    }

    static Draft of(byte[] body) {
      return new Draft(null, List.of(), ByteString.copyFrom(body));
    }
  }

  record Input(List<Draft> records, @Nullable Long matchSeq, @Nullable String fencingToken) {
    static Input of(Draft... records) {
      return new Input(List.of(records), null, null);
    }

    static Input of(String... bodies) {
      return new Input(Arrays.stream(bodies).map(Draft::of).toList(), null, null);
    }

    Input matching(long seq) {
      return new Input(records, seq, fencingToken);
    }

    Input fencedBy(String token) {
      return new Input(records, matchSeq, token);
    }

    byte[] encode() {
      return write(
          out -> {
            for (Draft record : records) {
              out.writeByteArray(1, encodeRecord(record));
            }
            if (matchSeq != null) {
              out.writeUInt64(2, matchSeq);
            }
            if (fencingToken != null) {
              out.writeString(3, fencingToken);
            }
          });
    }
  }

  record Position(long seq, long timestamp) {}

  /** All three are null unless the message holds them. */
  record Ack(@Nullable Position start, @Nullable Position end, @Nullable Position tail) {
    static Ack decode(byte[] bytes) {
      Position[] found = new Position[3];
      read(
          bytes,
          (in, field) -> {
            if (field > 3) {
              return false;
            }
            found[field - 1] = position(in.readByteArray());
            return true;
          });
      return new Ack(found[0], found[1], found[2]);
    }
  }

  /** A record as a reader gets it. */
  record Sequenced(long seq, long timestamp, List<Head> headers, ByteString body) {
    String text() {
      return body.toStringUtf8();
    }
  }

  record Batch(List<Sequenced> records, @Nullable Position tail) {
    static Batch decode(byte[] bytes) {
      List<Sequenced> records = new ArrayList<>();
      Position[] tail = new Position[1];
      read(
          bytes,
          (in, field) -> {
            switch (field) {
              case 1 -> records.add(sequenced(in.readByteArray()));
              case 2 -> tail[0] = position(in.readByteArray());
              default -> {
                return false;
              }
            }
            return true;
          });
      return new Batch(records, tail[0]);
    }
  }

  private S2Messages() {}

  private static byte[] encodeRecord(Draft record) {
    return write(
        out -> {
          if (record.timestamp() != null) {
            out.writeUInt64(1, record.timestamp());
          }
          for (Head header : record.headers()) {
            out.writeByteArray(2, encodeHeader(header));
          }
          if (!record.body().isEmpty()) {
            out.writeBytes(3, record.body());
          }
        });
  }

  private static byte[] encodeHeader(Head header) {
    return write(
        out -> {
          if (!header.name().isEmpty()) {
            out.writeBytes(1, header.name());
          }
          if (!header.value().isEmpty()) {
            out.writeBytes(2, header.value());
          }
        });
  }

  private static Position position(byte[] bytes) {
    long[] numbers = new long[2];
    read(
        bytes,
        (in, field) -> {
          if (field > 2) {
            return false;
          }
          numbers[field - 1] = in.readUInt64();
          return true;
        });
    return new Position(numbers[0], numbers[1]);
  }

  private static Head header(byte[] bytes) {
    ByteString[] parts = {ByteString.EMPTY, ByteString.EMPTY};
    read(
        bytes,
        (in, field) -> {
          if (field > 2) {
            return false;
          }
          parts[field - 1] = in.readBytes();
          return true;
        });
    return new Head(parts[0], parts[1]);
  }

  private static Sequenced sequenced(byte[] bytes) {
    long[] numbers = new long[2];
    List<Head> headers = new ArrayList<>();
    ByteString[] body = {ByteString.EMPTY};
    read(
        bytes,
        (in, field) -> {
          switch (field) {
            case 1, 2 -> numbers[field - 1] = in.readUInt64();
            case 3 -> headers.add(header(in.readByteArray()));
            case 4 -> body[0] = in.readBytes();
            default -> {
              return false;
            }
          }
          return true;
        });
    return new Sequenced(numbers[0], numbers[1], headers, body[0]);
  }

  private interface Writing {
    void to(CodedOutputStream out) throws IOException;
  }

  private interface Reading {
    /** Whether the field was known and taken. */
    boolean take(CodedInputStream in, int field) throws IOException;
  }

  private static byte[] write(Writing writing) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      writing.to(out);
      out.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void read(byte[] bytes, Reading reading) {
    try {
      CodedInputStream in = CodedInputStream.newInstance(bytes);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (!reading.take(in, tag >>> 3)) {
          throw new AssertionError("field " + (tag >>> 3) + " is in no message of the contract");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
