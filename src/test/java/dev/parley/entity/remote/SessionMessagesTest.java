package dev.parley.entity.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.parley.entity.Inspection;
import dev.parley.entity.ReadReply;
import dev.parley.entity.RecordBatch;
import dev.parley.entity.RenewalsReply;
import dev.parley.entity.SessionMessage;
import dev.parley.entity.WaitpointReply;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.Position;
import dev.parley.session.RecordContent;
import dev.parley.session.SequencedRecord;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionReply;
import java.io.NotSerializableException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What sessions and those who ask them say to each other between nodes. */
class SessionMessagesTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create("golden", ConfigFactory.parseString("pekko.actor.provider = local"));

  private static final SessionMessageSerializer SERIALIZER =
      new SessionMessageSerializer(RemoteFormat.classic(KIT.system()));

  private static final RemoteFormat FORMAT = new RemoteFormat(SERIALIZER, KIT.system());
  private static final ActorRef<SessionReply> NOBODY = KIT.system().deadLetters().unsafeUpcast();

  @AfterAll
  static void stopKit() {
    KIT.shutdownTestKit();
  }

  static Stream<Class<?>> messages() {
    return Stream.concat(
        Stream.of(SessionMessage.class, SessionReply.class, ReadReply.class)
            .flatMap(type -> RandomMessages.leaves(type).stream()),
        Stream.of(Inspection.class, WaitpointReply.class, RenewalsReply.class));
  }

  static Stream<Class<?>> remoteMessages() {
    return messages()
        .filter(type -> !SessionMessageSerializer.LOCAL.contains(type))
        .filter(type -> type != SessionMessage.Ask.class);
  }

  static Stream<Class<?>> remoteCommands() {
    return RandomMessages.leaves(SessionCommand.class).stream()
        .filter(type -> !CommandCodec.LOCAL.contains(type));
  }

  private static List<ActorRef<?>> actors() {
    return List.of(NOBODY, KIT.createTestProbe().ref());
  }

  @ParameterizedTest
  @MethodSource("remoteMessages")
  void a_message_comes_through_as_it_is(Class<?> type) throws Exception {
    FORMAT.comesThrough(type, actors());
  }

  @ParameterizedTest
  @MethodSource("remoteCommands")
  void a_command_comes_through_as_it_is(Class<? extends SessionCommand> type) throws Exception {
    for (int seed = 0; seed < 300; seed++) {
      SessionCommand command = new RandomMessages(seed, actors()).of(type);
      FORMAT.comesThrough(new SessionMessage.Ask(command, seed % 4 - 1L, NOBODY));
    }
  }

  static Stream<Class<?>> localMessages() {
    return SessionMessageSerializer.LOCAL.stream().map(type -> type);
  }

  @ParameterizedTest
  @MethodSource("localMessages")
  void what_a_session_says_to_itself_is_not_sent(Class<?> type) {
    FORMAT.staysHere(new RandomMessages(1, actors()).of(type));
  }

  static Stream<Class<? extends SessionCommand>> localCommands() {
    return CommandCodec.LOCAL.stream();
  }

  @ParameterizedTest
  @MethodSource("localCommands")
  void what_a_session_asks_itself_is_not_sent(Class<? extends SessionCommand> type) {
    SessionCommand command = new RandomMessages(1, actors()).of(type);
    FORMAT.staysHere(new SessionMessage.Ask(command, NOBODY));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void a_record_of_any_size_comes_through(int size) throws Exception {
    byte[] body = new byte[size];
    new java.util.Random(size).nextBytes(body);
    RecordContent record = RecordContent.of(Bytes.wrap(body));
    FORMAT.comesThrough(
        new SessionMessage.Ask(SessionCommand.Append.single(Channel.OUT, record, null), 3, NOBODY));
    FORMAT.comesThrough(
        new ReadReply.Records(
            new RecordBatch(List.of(new SequencedRecord(0, 1, record)), new Position(1, 1))));
  }

  static Stream<Integer> sizes() {
    return Stream.of(0, 1, 127, 128, 65_536, 1_048_576 - 8);
  }

  @Test
  void every_kind_is_written_down_as_it_is_today() throws Exception {
    FORMAT.isAsWrittenDown("/remote/session-messages.txt", Examples.of(NOBODY));
  }

  @Test
  void every_kind_has_an_example() {
    Set<Class<?>> shown =
        Examples.of(NOBODY).values().stream()
            .map(
                message ->
                    message instanceof SessionMessage.Ask ask
                        ? ask.command().getClass()
                        : message.getClass())
            .collect(Collectors.toSet());
    Set<Class<?>> all = new HashSet<>(remoteMessages().toList());
    all.addAll(remoteCommands().toList());
    assertThat(shown).containsExactlyInAnyOrderElementsOf(all);
  }

  @Property(tries = 2_000)
  void what_is_no_message_is_refused(@ForAll long seed) throws Exception {
    FORMAT.survives(
        seed,
        List.of("A", "a", "R", "r", "I", "i", "L", "W", "w", "N", "n", "S", "C"),
        remoteMessages().toList());
  }

  @Property(tries = 2_000)
  void what_is_no_command_is_refused(@ForAll long seed) throws Exception {
    RandomMessages messages = new RandomMessages(seed, List.of(NOBODY));
    List<Class<?>> commands = remoteCommands().toList();
    SessionCommand command =
        (SessionCommand) messages.of(commands.get((int) Math.floorMod(seed, commands.size())));
    byte[] bytes = SERIALIZER.toBinary(new SessionMessage.Ask(command, 1, NOBODY));
    java.util.Random random = new java.util.Random(seed);
    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    try {
      SERIALIZER.fromBinary(bytes, "A");
    } catch (IllegalArgumentException | NotSerializableException refused) {
      assertThat(refused).isNotNull();
    }
  }

  @Test
  void a_manifest_of_a_later_version_is_refused() {
    assertThatThrownBy(() -> SERIALIZER.fromBinary(new byte[0], "Z"))
        .isInstanceOf(NotSerializableException.class)
        .hasMessage("unknown manifest 'Z'; it may be of a later version");
  }

  @Test
  void a_command_of_a_later_version_is_refused() {
    // reply_to and field 1000.
    byte[] later = {0x0a, 1, 'x', (byte) 0xc2, 0x3e, 0};
    assertThatThrownBy(() -> SERIALIZER.fromBinary(later, "A"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a command that this version does not know");
  }

  @Test
  void the_usual_messages_are_little_more_than_their_records() {
    RecordContent record = RecordContent.of(Bytes.wrap(new byte[256]));
    byte[] append =
        SERIALIZER.toBinary(
            new SessionMessage.Ask(
                SessionCommand.Append.single(
                    Channel.OUT, record, dev.parley.session.PartId.of("p")),
                NOBODY));
    byte[] records =
        SERIALIZER.toBinary(
            new ReadReply.Records(
                new RecordBatch(
                    LongStream.range(0, 100)
                        .mapToObj(
                            seq -> new SequencedRecord(seq, Examples.AT.toEpochMilli(), record))
                        .toList(),
                    new Position(100, Examples.AT.toEpochMilli()))));
    // The address of who asks is about 100 bytes between real nodes, 26 here.
    assertThat(append).hasSizeBetween(256, 340);
    assertThat(records).hasSizeBetween(25_600, 27_100);
  }
}
