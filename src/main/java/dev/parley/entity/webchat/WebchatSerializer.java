package dev.parley.entity.webchat;

import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Stores the events and snapshots of the webchat as protobuf under one-letter manifests. The
 * identifier is stored with every row and must never change.
 */
public final class WebchatSerializer extends SerializerWithStringManifest {
  private static final int IDENTIFIER = 8_450_111;

  /** Called by Pekko. */
  public WebchatSerializer(ExtendedActorSystem system) {}

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object object) {
    return WebchatCodec.manifest(object);
  }

  @Override
  public byte[] toBinary(Object object) {
    return WebchatCodec.encode(object).toByteArray();
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) {
    return WebchatCodec.decode(manifest, bytes);
  }
}
