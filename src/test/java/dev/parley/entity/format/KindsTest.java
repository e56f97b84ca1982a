package dev.parley.entity.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.BoolValue;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.StringValue;
import org.junit.jupiter.api.Test;

/** The table of what a serializer knows. */
class KindsTest {
  private sealed interface Shape {}

  private record Round(String name) implements Shape {}

  private record Square(String name) implements Shape {}

  private record Flag(boolean up) {}

  private static final Kinds KINDS =
      Kinds.builder()
          .add(
              "S",
              Shape.class,
              shape -> StringValue.of(((Record) shape).toString()),
              StringValue.parser(),
              stored -> new Round(stored.getValue()))
          .add(
              "F",
              Flag.class,
              flag -> BoolValue.of(flag.up()),
              BoolValue.parser(),
              stored -> new Flag(stored.getValue()))
          .build();

  private static final StoredSerializer SERIALIZER = new StoredSerializer(7, KINDS) {};

  @Test
  void an_object_has_the_kind_of_its_class_or_of_the_one_above() {
    for (int again = 0; again < 2; again++) {
      assertThat(KINDS.of(new Round("a")).orElseThrow().manifest()).isEqualTo("S");
      assertThat(KINDS.of(new Square("a")).orElseThrow().manifest()).isEqualTo("S");
      assertThat(KINDS.of(new Flag(true)).orElseThrow().manifest()).isEqualTo("F");
      assertThat(KINDS.of("text")).isEmpty();
    }
  }

  @Test
  void a_kind_reads_what_it_wrote() throws InvalidProtocolBufferException {
    Kinds.Kind<?, ?> kind = KINDS.named("F").orElseThrow();
    byte[] bytes = kind.encode(new Flag(true)).toByteArray();
    assertThat(kind.decode(CodedInputStream.newInstance(bytes))).isEqualTo(new Flag(true));
  }

  @Test
  void two_kinds_have_two_manifests() {
    Kinds.Builder builder =
        Kinds.builder()
            .add("F", Flag.class, flag -> BoolValue.of(true), BoolValue.parser(), v -> null);
    assertThatThrownBy(
            () ->
                builder.add(
                    "F", Round.class, round -> BoolValue.of(true), BoolValue.parser(), v -> null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'F'");
  }

  @Test
  void what_is_not_stored_or_not_known_is_refused() {
    assertThat(SERIALIZER.identifier()).isEqualTo(7);
    assertThatThrownBy(() -> SERIALIZER.toBinary("text"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not stored: java.lang.String");
    assertThatThrownBy(() -> SERIALIZER.fromBinary(new byte[0], "Z"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("unknown manifest 'Z'");
    // A tag without its value, and the end of a group that never began.
    for (byte[] damaged : new byte[][] {{8}, {12}}) {
      assertThatThrownBy(() -> SERIALIZER.fromBinary(damaged, "F"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the stored F can't be read");
    }
  }
}
