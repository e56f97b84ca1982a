package dev.parley.entity.format;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Stores events and snapshots as protobuf under one-letter manifests. Its identifier is stored with
 * every row and must never change.
 */
public abstract class StoredSerializer extends SerializerWithStringManifest {
  private final int identifier;
  private final Kinds kinds;

  protected StoredSerializer(int identifier, Kinds kinds) {
    this.identifier = identifier;
    this.kinds = kinds;
  }

  @Override
  public final int identifier() {
    return identifier;
  }

  /**
   * @throws IllegalArgumentException for what is not stored here
   */
  @Override
  public final String manifest(Object object) {
    return kind(object).manifest();
  }

  /**
   * @throws IllegalArgumentException for what is not stored here
   */
  @Override
  public final byte[] toBinary(Object object) {
    return kind(object).encode(object).toByteArray();
  }

  /**
   * @throws IllegalArgumentException when the manifest is unknown or the bytes are not its message
   */
  @Override
  public final Object fromBinary(byte[] bytes, String manifest) {
    Kinds.Kind<?, ?> kind =
        kinds
            .named(manifest)
            .orElseThrow(() -> new IllegalArgumentException("unknown manifest '" + manifest + "'"));
    try {
      CodedInputStream input = CodedInputStream.newInstance(bytes);
      Object stored = kind.decode(input);
      input.checkLastTagWas(0);
      return stored;
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("the stored " + manifest + " can't be read", e);
    }
  }

  private Kinds.Kind<?, ?> kind(Object object) {
    return kinds
        .of(object)
        .orElseThrow(
            () -> new IllegalArgumentException("not stored: " + object.getClass().getName()));
  }
}
