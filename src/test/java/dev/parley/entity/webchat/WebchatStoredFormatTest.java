package dev.parley.entity.webchat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes that stand in journals; a version that can't read them has lost webchats. */
class WebchatStoredFormatTest {
  private static final WebchatSerializer SERIALIZER = new WebchatSerializer(null);
  private static final EntryPoint ENTRY_POINT = new EntryPoint("agent", "acme", true);

  static Stream<Arguments> stored() {
    return Stream.of(
        Arguments.of(
            new OrganizationEvent.SettingsChanged(WidgetDomain.PROXY, List.of("https://a")),
            "C",
            "0a0570726f7879120968747470733a2f2f61"),
        Arguments.of(new OrganizationEvent.KeyMade("wc_k"), "K", "0a0477635f6b"),
        Arguments.of(
            new OrganizationSettings(WidgetDomain.OWN, List.of("https://a"), "wc_k"),
            "O",
            "0a036f776e120968747470733a2f2f611a0477635f6b"),
        Arguments.of(OrganizationSettings.INITIAL, "O", "0a036f776e"),
        Arguments.of(
            new EntryPointEvent.Put(ENTRY_POINT), "P", "0a0f0a056167656e74120461636d651801"),
        Arguments.of(new EntryPointEvent.Removed(), "R", ""),
        Arguments.of(new EntryPointState(ENTRY_POINT), "E", "0a0f0a056167656e74120461636d651801"),
        Arguments.of(EntryPointState.NOWHERE, "E", ""));
  }

  @ParameterizedTest
  @MethodSource("stored")
  void what_is_stored_stays_what_it_is(Object object, String manifest, String hex) {
    assertThat(SERIALIZER.manifest(object)).isEqualTo(manifest);
    assertThat(HexFormat.of().formatHex(SERIALIZER.toBinary(object))).isEqualTo(hex);
    assertThat(SERIALIZER.fromBinary(HexFormat.of().parseHex(hex), manifest)).isEqualTo(object);
    // As a later version might write it: field 1000 is in no message of today.
    assertThat(SERIALIZER.fromBinary(HexFormat.of().parseHex(hex + "c03e01"), manifest))
        .isEqualTo(object);
  }

  @Test
  void what_is_not_known_is_refused() {
    assertThatThrownBy(() -> SERIALIZER.fromBinary(new byte[0], "Z"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SERIALIZER.fromBinary(new byte[] {1}, "K"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SERIALIZER.manifest("text"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(SERIALIZER.identifier()).isEqualTo(8_450_111);
  }
}
