package dev.parley.entity.format;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of objects that a serializer knows: each has a manifest, which is written beside the
 * bytes and never changes, its class and its protobuf.
 */
public final class Kinds {
  /** One kind, with all objects of its class and of those below. */
  public static final class Kind<T, M extends MessageLite> {
    private final String manifest;
    private final Class<T> type;
    private final Function<? super T, ? extends MessageLite> encode;
    private final Parser<M> parser;
    private final Function<? super M, ? extends T> decode;

    private Kind(
        String manifest,
        Class<T> type,
        Function<? super T, ? extends MessageLite> encode,
        Parser<M> parser,
        Function<? super M, ? extends T> decode) {
      this.manifest = manifest;
      this.type = type;
      this.encode = encode;
      this.parser = parser;
      this.decode = decode;
    }

    public String manifest() {
      return manifest;
    }

    /**
     * An object of this kind as its protobuf.
     *
     * @throws IllegalArgumentException when it must not be written
     */
    public MessageLite encode(Object object) {
      return encode.apply(type.cast(object));
    }

    /**
     * The object that was written.
     *
     * @throws InvalidProtocolBufferException when the bytes are not its protobuf
     * @throws IllegalArgumentException when a value in it can't be
     */
    public T decode(CodedInputStream bytes) throws InvalidProtocolBufferException {
      return decode.apply(parser.parseFrom(bytes));
    }
  }

  private final Map<String, Kind<?, ?>> byManifest;
  private final List<Kind<?, ?>> all;

  // Only classes that have a kind are remembered, and of those there are few.
  private final Map<Class<?>, Kind<?, ?>> byClass = new ConcurrentHashMap<>();

  private Kinds(Map<String, Kind<?, ?>> byManifest) {
    this.byManifest = Map.copyOf(byManifest);
    this.all = List.copyOf(byManifest.values());
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The kind of an object; empty when it has none. */
  public Optional<Kind<?, ?>> of(Object object) {
    Class<?> type = object.getClass();
    @Nullable Kind<?, ?> known = byClass.get(type);
    return known == null ? remember(type) : Optional.of(known);
  }

  private Optional<Kind<?, ?>> remember(Class<?> type) {
    for (Kind<?, ?> kind : all) {
      if (kind.type.isAssignableFrom(type)) {
        byClass.put(type, kind);
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /** The kind under a manifest; empty when this version knows none. */
  public Optional<Kind<?, ?>> named(String manifest) {
    return Optional.ofNullable(byManifest.get(manifest));
  }

  /** Takes the kinds one after the other. No class of one may be below that of another. */
  public static final class Builder {
    private final Map<String, Kind<?, ?>> kinds = new LinkedHashMap<>();

    private Builder() {}

    /**
     * @param manifest one letter
     * @param parser of the protobuf
     * @throws IllegalStateException when the manifest is another kind's
     */
    public <T, M extends MessageLite> Builder add(
        String manifest,
        Class<T> type,
        Function<? super T, ? extends MessageLite> encode,
        Parser<M> parser,
        Function<? super M, ? extends T> decode) {
      Kind<T, M> kind = new Kind<>(manifest, type, encode, parser, decode);
      if (kinds.put(manifest, kind) != null) {
        throw new IllegalStateException("two kinds have the manifest '" + manifest + "'");
      }
      return this;
    }

    public Kinds build() {
      return new Kinds(kinds);
    }
  }
}
