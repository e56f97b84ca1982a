package dev.parley.entity.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;

/** What has to hold for the messages of every room that cross nodes. */
public final class RemoteFormat {
  /**
   * What a message may take: the frame, less what Pekko needs around it. That is the addresses of
   * both ends, an entity's id, names of serializers and manifests.
   */
  public static final int MAX_BYTES = 2 * 1_024 * 1_024 - 4_096;

  private static final int SEEDS = 300;

  private final MessageSerializer serializer;
  private final ActorRef<?> nobody;

  /**
   * @param system named golden, without remoting, so that addresses are the same in every run
   */
  public RemoteFormat(MessageSerializer serializer, ActorSystem<?> system) {
    this.serializer = serializer;
    this.nobody = system.deadLetters();
  }

  public static ExtendedActorSystem classic(ActorSystem<?> system) {
    return (ExtendedActorSystem) system.classicSystem();
  }

  /** Messages of that class, whatever is in them, come out as they went in. */
  public void comesThrough(Class<?> type, List<ActorRef<?>> actors) throws Exception {
    for (int seed = 0; seed < SEEDS; seed++) {
      comesThrough(new RandomMessages(seed, actors).of(type));
    }
  }

  public void comesThrough(Object message) throws Exception {
    Object read = serializer.fromBinary(serializer.toBinary(message), serializer.manifest(message));
    assertThat(RandomMessages.shown(read)).isEqualTo(RandomMessages.shown(message));
  }

  /** Nobody can send it to another node by mistake. */
  public void staysHere(Object message) {
    assertThatThrownBy(() -> serializer.toBinary(message))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not sent to another node");
  }

  /**
   * Compares with the bytes that are written down. A line has a name, a manifest and bytes; what
   * the message is to become stands in a failure.
   *
   * @param examples by their names
   */
  public void isAsWrittenDown(String resource, Map<String, Object> examples) throws Exception {
    Map<String, String> expected = new LinkedHashMap<>();
    try (InputStream lines = RemoteFormat.class.getResourceAsStream(resource)) {
      if (lines != null) {
        new String(lines.readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.startsWith("#"))
            .forEach(line -> expected.put(line.substring(0, line.indexOf(' ')), line));
      }
    }
    StringBuilder actual = new StringBuilder();
    examples.forEach((name, message) -> actual.append(line(name, message)).append('\n'));
    assertThat(actual.toString())
        .isEqualTo(String.join("\n", expected.values()) + (expected.isEmpty() ? "" : "\n"));
    for (Map.Entry<String, Object> example : examples.entrySet()) {
      String[] parts = expected.get(example.getKey()).split(" ", -1);
      byte[] bytes = HexFormat.of().parseHex(parts[2]);
      Object wanted = RandomMessages.shown(example.getValue());
      assertThat(RandomMessages.shown(serializer.fromBinary(bytes, parts[1]))).isEqualTo(wanted);
      assertThat(RandomMessages.shown(serializer.fromBinary(later(bytes), parts[1])))
          .isEqualTo(wanted);
    }
  }

  private String line(String name, Object message) {
    return name
        + " "
        + serializer.manifest(message)
        + " "
        + HexFormat.of().formatHex(serializer.toBinary(message));
  }

  /** As a later version might write it: field 1000 is in no message of today. */
  private static byte[] later(byte[] known) {
    byte[] later = Arrays.copyOf(known, known.length + 3);
    later[known.length] = (byte) 0xc0;
    later[known.length + 1] = 0x3e;
    later[known.length + 2] = 1;
    return later;
  }

  /**
   * Reads what is no message: random bytes, and messages of which something is missing or changed.
   *
   * @param types of messages that are damaged
   */
  public void survives(long seed, List<String> manifests, List<Class<?>> types) throws IOException {
    Random random = new Random(seed);
    List<ActorRef<?>> actors = List.of(nobody);
    List<byte[]> inputs = new ArrayList<>();
    byte[] noise = new byte[random.nextInt(64)];
    random.nextBytes(noise);
    inputs.add(noise);
    byte[] whole =
        serializer.toBinary(
            new RandomMessages(seed, actors).of(types.get(random.nextInt(types.size()))));
    inputs.add(Arrays.copyOf(whole, random.nextInt(whole.length + 1)));
    byte[] changed = whole.clone();
    for (int i = 0; i < 3 && changed.length > 0; i++) {
      changed[random.nextInt(changed.length)] = (byte) random.nextInt();
    }
    inputs.add(changed);
    for (byte[] input : inputs) {
      for (String manifest : manifests) {
        try {
          assertThat(serializer.fromBinary(input, manifest)).isNotNull();
        } catch (IllegalArgumentException | NotSerializableException refused) {
          assertThat(refused).isNotNull();
        }
      }
    }
  }
}
