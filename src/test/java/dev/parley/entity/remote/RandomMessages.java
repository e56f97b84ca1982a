package dev.parley.entity.remote;

import dev.parley.entity.ReadReply;
import dev.parley.entity.RecordBatch;
import dev.parley.session.Bytes;
import dev.parley.session.CallbackPolicy;
import dev.parley.session.Channel;
import dev.parley.session.ChannelState;
import dev.parley.session.Clockwork;
import dev.parley.session.Direction;
import dev.parley.session.Lifetime;
import dev.parley.session.Message;
import dev.parley.session.PartIdWindow;
import dev.parley.session.Position;
import dev.parley.session.RecordContent;
import dev.parley.session.SequencedRecord;
import dev.parley.session.Session;
import dev.parley.session.SessionCommand.Draft;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import dev.parley.session.SparseIndex;
import dev.parley.session.StreamAppend;
import dev.parley.session.TimeoutLimits;
import dev.parley.session.TimeoutPolicy;
import dev.parley.session.Turns;
import dev.parley.session.Waitpoint;
import dev.parley.session.Waitpoints;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.api.trace.TraceState;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * Messages of any kind with whatever their components may be: absent, empty, at the ends of their
 * range, of every permitted subclass. So a kind that is added tomorrow is tried without a word
 * here.
 */
public final class RandomMessages {
  private static final String[] TEXTS = {
    "", "a", "é", "\0", "😀", "trigger", "{\"k\":[1,\"\\u0000\"]}", "x".repeat(300), "\uFFFD\n\t"
  };

  private static final String[] HALF_PAIRS = {
    "\uD800", "\uDC00\uD800", "a\uD83Db", "😀\uDE00", "\uD800\uD800\uDC00x"
  };

  private static final int DEEPEST = 4;

  private final Random random;
  private final List<ActorRef<?>> actors;
  private final Map<Class<?>, Function<Random, ?>> known = new HashMap<>();
  private int depth;

  public RandomMessages(long seed, List<ActorRef<?>> actors) {
    this.random = new Random(seed);
    this.actors = actors;
    with(Bytes.class, r -> Bytes.wrap(bytes()));
    with(Channel.class, r -> channel());
    with(TimeoutPolicy.class, r -> policy(1, TimeoutPolicy.LONGEST_MINUTES));
    with(TimeoutLimits.class, r -> new TimeoutLimits(1, 10_080, policy(1, 10_080)));
    with(Lifetime.class, r -> lifetime());
    with(Message.class, r -> message());
    with(Draft.class, r -> draft());
    with(RecordBatch.class, r -> batch());
    with(SpanContext.class, r -> span());
    with(Session.class, r -> session());
    with(PartIdWindow.Block.class, r -> partIds());
    with(StreamAppend.class, r -> append());
    with(
        CallbackPolicy.class,
        r -> new CallbackPolicy(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ZERO));
  }

  private SpanContext span() {
    return SpanContext.createFromRemoteParent(
        TraceId.fromLongs(random.nextLong(), random.nextLong() | 1),
        SpanId.fromLong(random.nextLong() | 1),
        random.nextBoolean() ? TraceFlags.getSampled() : TraceFlags.getDefault(),
        TraceState.getDefault());
  }

  /** Makes values of a type that not every value of its components fits. */
  public <T> RandomMessages with(Class<T> type, Function<Random, T> values) {
    known.put(type, values);
    return this;
  }

  /** The classes below a sealed one that can have instances. */
  public static List<Class<?>> leaves(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(c -> leaves(c).stream()).toList()
        : List.of(type);
  }

  /** Something that is equal for messages that say the same. */
  public static Object shown(Object message) {
    return message instanceof ReadReply.Records records
        ? List.of(
            records.batch().records(), records.batch().tail(), Optional.ofNullable(records.trace()))
        : message;
  }

  public <T> T of(Class<T> type) {
    return type.cast(value(type));
  }

  private Object value(Class<?> type) {
    if (known.containsKey(type)) {
      return known.get(type).apply(random);
    }
    if (type.isEnum()) {
      return type.getEnumConstants()[random.nextInt(type.getEnumConstants().length)];
    }
    if (type.isSealed()) {
      List<Class<?>> leaves = leaves(type);
      return value(leaves.get(random.nextInt(leaves.size())));
    }
    if (type.isRecord()) {
      return record(type);
    }
    return plain(type);
  }

  private Object plain(Class<?> type) {
    if (type == String.class) {
      return text();
    }
    if (type == long.class || type == Long.class) {
      return number();
    }
    if (type == int.class) {
      return random.nextBoolean() ? random.nextInt() : random.nextInt(3);
    }
    if (type == boolean.class || type == Boolean.class) {
      return random.nextBoolean();
    }
    if (type == double.class) {
      double[] edges = {0, -0.0, Double.NaN, Double.NEGATIVE_INFINITY, Double.MIN_VALUE, 1e300};
      return edges[random.nextInt(edges.length)];
    }
    if (type == Instant.class) {
      return Instant.ofEpochMilli(millis());
    }
    if (type == Duration.class) {
      return Duration.ofMillis(random.nextBoolean() ? 0 : random.nextInt(Integer.MAX_VALUE));
    }
    throw new AssertionError("no values of " + type);
  }

  private Object record(Class<?> type) {
    depth++;
    try {
      RecordComponent[] components = type.getRecordComponents();
      Constructor<?> constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return constructor.newInstance(Stream.of(components).map(c -> component(type, c)).toArray());
    } catch (InvocationTargetException e) {
      throw new AssertionError(type + " can't be made of these", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    } finally {
      depth--;
    }
  }

  private @Nullable Object component(Class<?> of, RecordComponent component) {
    AnnotatedType type = component.getAnnotatedType();
    if (of.getSimpleName().equals("Ask") && component.getName().equals("generation")) {
      return random.nextInt(3) - 1L;
    }
    return component(type);
  }

  private @Nullable Object component(AnnotatedType annotated) {
    Type type = annotated.getType();
    // The value of a Given is nullable where its type says so, which is wherever there is one.
    if (isNullable(annotated) && random.nextInt(3) == 0) {
      return null;
    }
    if (!(type instanceof ParameterizedType generic)) {
      return value((Class<?>) type);
    }
    AnnotatedType[] arguments =
        ((AnnotatedParameterizedType) annotated).getAnnotatedActualTypeArguments();
    Class<?> raw = (Class<?>) generic.getRawType();
    if (raw == ActorRef.class) {
      return actors.get(random.nextInt(actors.size()));
    }
    if (raw == List.class) {
      return list(arguments[0]);
    }
    if (raw == Set.class) {
      return Set.copyOf(list(arguments[0]));
    }
    if (raw == Map.class) {
      return Map.of(text(), component(arguments[1]), "k", component(arguments[1]));
    }
    if (raw == dev.parley.session.Given.class) {
      return new dev.parley.session.Given<>(component(arguments[0]));
    }
    throw new AssertionError("no values of " + type);
  }

  private static boolean isNullable(AnnotatedType type) {
    return type.isAnnotationPresent(Nullable.class);
  }

  private List<Object> list(AnnotatedType element) {
    int size = depth > DEEPEST ? 0 : random.nextInt(4);
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      values.add(component(element));
    }
    return values;
  }

  private String text() {
    return TEXTS[random.nextInt(TEXTS.length)];
  }

  private String anyText() {
    return random.nextInt(4) == 0 ? HALF_PAIRS[random.nextInt(HALF_PAIRS.length)] : text();
  }

  private long number() {
    long[] edges = {0, 1, -1, 127, 128, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE};
    return edges[random.nextInt(edges.length)];
  }

  private long millis() {
    return random.nextInt(3) == 0 ? -random.nextInt(100_000) : random.nextLong() >>> 20;
  }

  private byte[] bytes() {
    byte[] bytes = new byte[random.nextInt(3) == 0 ? 0 : random.nextInt(200)];
    random.nextBytes(bytes);
    return bytes;
  }

  private Channel channel() {
    Channel[] channels = {
      Channel.IN, Channel.OUT, Channel.LIFECYCLE, new Channel("a.b_c-1", Direction.IN)
    };
    return channels[random.nextInt(channels.length)];
  }

  private TimeoutPolicy policy(int least, int most) {
    return new TimeoutPolicy(
        least + random.nextDouble() * (most - least),
        random.nextBoolean(),
        1 + random.nextInt(TimeoutPolicy.LONGEST_MINUTES),
        random.nextBoolean() ? 1 : Double.MAX_VALUE);
  }

  private Lifetime lifetime() {
    Instant created = Instant.ofEpochMilli(millis());
    Instant base = created.plusMillis(random.nextInt(1_000));
    return new Lifetime(
        created,
        base,
        base.plusMillis(random.nextInt(1_000)),
        random.nextInt(1_000),
        policy(1, TimeoutPolicy.LONGEST_MINUTES),
        random.nextBoolean(),
        random.nextBoolean());
  }

  private Message message() {
    return new Message(
        anyText(),
        random.nextBoolean() ? Message.Role.USER : Message.Role.AGENT,
        anyText(),
        anyText(),
        random.nextBoolean() ? null : anyText(),
        text(),
        anyText());
  }

  private Draft draft() {
    if (random.nextInt(3) == 0) {
      return Draft.of(message());
    }
    return new Draft(random.nextBoolean() ? null : number(), of(RecordContent.class));
  }

  /** A state as it moves between servers. */
  private Session session() {
    SessionId id = SessionId.ofExternal("env", text());
    Map<Channel, ChannelState> streams = new HashMap<>();
    for (int i = 0; i < random.nextInt(3); i++) {
      streams.put(
          channel(),
          new ChannelState(
              random.nextInt(100),
              random.nextInt(100),
              text(),
              number(),
              random.nextBoolean(),
              random.nextInt(100) - 1,
              number(),
              SparseIndex.EMPTY,
              PartIdWindow.EMPTY,
              PartIdWindow.NO_BATCHES));
    }
    return Session.restore(
        id,
        random.nextBoolean() ? null : of(SessionInfo.class),
        0,
        streams,
        Waitpoints.of(random.nextBoolean() ? List.of() : List.of(of(Waitpoint.class))),
        random.nextBoolean() ? null : of(Clockwork.class),
        random.nextBoolean() ? null : of(Turns.class),
        number());
  }

  private PartIdWindow.Block partIds() {
    int size = random.nextInt(4);
    return new PartIdWindow.Block(
        number(),
        random.longs(size).toArray(),
        random.longs(size).toArray(),
        random.longs(size).toArray());
  }

  /** As it comes from a copy. */
  private StreamAppend append() {
    List<StreamAppend.Entry> entries = new ArrayList<>();
    for (int i = 0; i < random.nextInt(4); i++) {
      entries.add(of(StreamAppend.Entry.class));
    }
    return new StreamAppend(channel(), number(), entries, null);
  }

  private RecordBatch batch() {
    long first = random.nextInt(1_000);
    List<SequencedRecord> records = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(4); i++) {
      records.add(new SequencedRecord(first + i, number(), of(RecordContent.class)));
    }
    return new RecordBatch(records, of(Position.class));
  }
}
