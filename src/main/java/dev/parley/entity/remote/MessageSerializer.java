package dev.parley.entity.remote;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import dev.parley.entity.format.Kinds;
import java.io.IOException;
import java.io.NotSerializableException;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Messages between nodes as protobuf. What a newer version sends and this one does not know, and
 * bytes that were damaged, are refused by {@link NotSerializableException} or {@link
 * IllegalArgumentException}: Pekko drops such a message, says so in the log, and keeps the
 * connection; who asked hears nothing, and its patience decides.
 *
 * <p>Identifiers of serializers: 8450001 events and snapshots of sessions, 8450002 those of
 * registries, 8450003 messages of sessions, 8450004 of attached agents, 8450005 of registries,
 * 8450006 of limits; 8450101 events and snapshots of accounts, 8450102 their messages; 8450111
 * events and snapshots of webchats, 8450112 their messages. Those of events are stored with every
 * row; all must stay what they are, and the same on every node.
 */
public abstract class MessageSerializer extends SerializerWithStringManifest {
  private final int identifier;
  private final ActorRefResolver actors;

  protected MessageSerializer(ExtendedActorSystem system, int identifier) {
    this.identifier = identifier;
    this.actors = ActorRefResolver.get(Adapter.toTyped(system));
  }

  /**
   * What can be sent. Their bytes, when they are read, are parts of an array that nobody changes.
   */
  protected abstract Kinds kinds();

  @Override
  public final int identifier() {
    return identifier;
  }

  /**
   * @throws IllegalArgumentException when the message is none of this serializer's, or must not
   *     leave its node
   */
  @Override
  public final String manifest(Object message) {
    return kind(message).manifest();
  }

  /**
   * @throws IllegalArgumentException when the message is none of this serializer's, or must not
   *     leave its node
   */
  @Override
  public final byte[] toBinary(Object message) {
    return kind(message).encode(message).toByteArray();
  }

  private Kinds.Kind<?, ?> kind(Object message) {
    return kinds().of(message).orElseThrow(() -> unknown(message));
  }

  @Override
  public final Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    Kinds.Kind<?, ?> kind =
        kinds()
            .named(manifest)
            .orElseThrow(
                () ->
                    new NotSerializableException(
                        "unknown manifest '" + manifest + "'; it may be of a later version"));
    // The array is this message's alone, so its parts need no copies on the way to their records.
    CodedInputStream input = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
    input.enableAliasing(true);
    try {
      Object message = kind.decode(input);
      input.checkLastTagWas(0);
      return message;
    } catch (IOException e) {
      NotSerializableException damaged =
          new NotSerializableException(
              "%d bytes with manifest '%s' can't be read by %s: %s"
                  .formatted(bytes.length, manifest, getClass().getSimpleName(), e.getMessage()));
      damaged.initCause(e);
      throw damaged;
    }
  }

  /** The address of an actor, by which it is reached from every node. */
  protected final String address(ActorRef<?> actor) {
    return actors.toSerializationFormat(actor);
  }

  /**
   * The actor at an address; one that takes nothing when there is none.
   *
   * @throws IllegalArgumentException when there is no address
   */
  protected final <T> ActorRef<T> actor(String address) {
    if (address.isEmpty()) {
      throw new IllegalArgumentException("a question without an address for its answer");
    }
    return actors.resolveActorRef(address);
  }

  /** For a message that this serializer is not for. */
  protected static IllegalArgumentException unknown(Object message) {
    return new IllegalArgumentException(
        message.getClass().getName() + " is not sent to another node");
  }
}
