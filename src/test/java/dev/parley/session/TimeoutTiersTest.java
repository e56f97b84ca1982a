package dev.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.SettingValue.Absent;
import dev.parley.session.SettingValue.OfBoolean;
import dev.parley.session.SettingValue.OfNumber;
import dev.parley.session.SettingValue.OfText;
import dev.parley.session.SettingValue.Other;
import dev.parley.session.TimeoutTiers.Outcome;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Named examples of the three tiers (eliza.md sections 3.2, 3.3 and 5.5). */
class TimeoutTiersTest {
  private static final TimeoutLimits LIMITS = TimeoutLimits.STANDARD;
  private static final TimeoutPolicy AGENT = new TimeoutPolicy(45, true, 600, 7);
  private static final TimeoutPolicy SESSION = new TimeoutPolicy(20, false, 90, 3);
  private static final Absent NONE = new Absent();
  private static final Other NULL = new Other("null");

  private static TimeoutPolicy create(TimeoutRequest request) {
    return ((Outcome.Accepted) TimeoutTiers.create(LIMITS, AGENT, request)).policy();
  }

  private static TimeoutPolicy patch(TimeoutRequest request) {
    return ((Outcome.Accepted) TimeoutTiers.patch(LIMITS, SESSION, request)).policy();
  }

  private static String refusedPatch(TimeoutRequest request) {
    return ((Outcome.Refused) TimeoutTiers.patch(LIMITS, SESSION, request)).reason();
  }

  private static TimeoutRequest timeout(SettingValue value) {
    return new TimeoutRequest(value, NONE, NONE, NONE);
  }

  private static TimeoutRequest autoRenew(SettingValue value) {
    return new TimeoutRequest(NONE, value, NONE, NONE);
  }

  private static TimeoutRequest maxDuration(SettingValue value) {
    return new TimeoutRequest(NONE, NONE, value, NONE);
  }

  private static TimeoutRequest threshold(SettingValue value) {
    return new TimeoutRequest(NONE, NONE, NONE, value);
  }

  @Test
  void whoever_asks_for_nothing_gets_what_the_tier_below_has() {
    assertThat(TimeoutTiers.ofAgent(LIMITS, Map.of())).isEqualTo(LIMITS.defaults());
    assertThat(create(TimeoutRequest.EMPTY)).isEqualTo(AGENT);
    assertThat(patch(TimeoutRequest.EMPTY)).isEqualTo(SESSION);
  }

  /** What creating with this {@code timeoutMinutes} gives; the published tests have this list. */
  static Stream<Arguments> timeoutsOnCreate() {
    return Stream.of(
        Arguments.of(NULL, 45),
        Arguments.of(NONE, 45),
        Arguments.of(new OfText(""), 5),
        Arguments.of(new OfText("  "), 5),
        Arguments.of(new OfText("12.34.56"), 45),
        Arguments.of(new OfText("10e308"), 45),
        Arguments.of(new OfText("-10e308"), 45),
        Arguments.of(new OfText("0x10"), 16),
        Arguments.of(new OfText("010"), 10),
        Arguments.of(new OfText("1,000"), 45),
        Arguments.of(new OfText("1e2"), 100),
        Arguments.of(new OfText("60"), 60),
        Arguments.of(new OfNumber(5.5), 5.5),
        Arguments.of(new OfNumber(0), 5),
        Arguments.of(new OfNumber(-30), 5),
        Arguments.of(new OfNumber(4.999), 5),
        Arguments.of(new OfNumber(1_440), 1_440),
        Arguments.of(new OfNumber(1_440.5), 1_440),
        Arguments.of(new OfNumber(1e300), 1_440),
        Arguments.of(new OfNumber(Double.POSITIVE_INFINITY), 45),
        Arguments.of(new OfNumber(Double.NaN), 45),
        Arguments.of(new OfText("Infinity"), 45),
        Arguments.of(new OfBoolean(true), 45),
        Arguments.of(new Other("an array"), 45),
        Arguments.of(new Other("an object"), 45));
  }

  @ParameterizedTest
  @MethodSource("timeoutsOnCreate")
  void create_clamps_the_timeout_and_never_refuses_it(SettingValue given, double expected) {
    assertThat(create(timeout(given))).isEqualTo(new TimeoutPolicy(expected, true, 600, 7));
  }

  @ParameterizedTest
  @CsvSource({"60,60", "20,45", "2880,2880", "2881,2880", "1e300,2880", "-1,45", "45,45"})
  void create_clamps_the_maximum_between_the_timeout_and_twice_max(double given, double expected) {
    assertThat(create(maxDuration(new OfNumber(given))).maxDurationMinutes()).isEqualTo(expected);
    assertThat(create(maxDuration(new OfText("" + given))).maxDurationMinutes())
        .isEqualTo(expected);
  }

  @Test
  void the_maximum_is_clamped_to_the_timeout_as_it_was_clamped() {
    TimeoutRequest request = new TimeoutRequest(new OfNumber(99_999), NONE, new OfNumber(10), NONE);
    assertThat(create(request)).isEqualTo(new TimeoutPolicy(1_440, true, 1_440, 7));
  }

  @Test
  void a_timeout_beyond_the_maximum_does_not_raise_it() {
    assertThat(create(timeout(new OfNumber(1_440))))
        .isEqualTo(new TimeoutPolicy(1_440, true, 600, 7));
    TimeoutRequest withNoNumber =
        new TimeoutRequest(new OfNumber(1_440), NONE, new OfText("much"), NONE);
    assertThat(create(withNoNumber)).isEqualTo(new TimeoutPolicy(1_440, true, 600, 7));
    assertThat(patch(timeout(new OfNumber(1_440))))
        .isEqualTo(new TimeoutPolicy(1_440, false, 90, 3));
  }

  @ParameterizedTest
  @CsvSource({"10,10", "0,1", "-5,1", "0.5,1", "1.5,1.5", "5000,5000", "1e300,1e300"})
  void the_threshold_is_at_least_a_minute_and_has_no_upper_bound(double given, double expected) {
    assertThat(create(threshold(new OfNumber(given))).warningThresholdMinutes())
        .isEqualTo(expected);
    assertThat(patch(threshold(new OfText("" + given))).warningThresholdMinutes())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"many", "1,000", "10e308", "NaN"})
  void on_create_what_is_no_number_leaves_the_agents_value(String text) {
    OfText given = new OfText(text);
    assertThat(create(new TimeoutRequest(given, NONE, given, given))).isEqualTo(AGENT);
  }

  @Test
  void create_takes_truth_values_and_their_texts_and_refuses_anything_else() {
    assertThat(create(autoRenew(new OfBoolean(false))).autoRenew()).isFalse();
    assertThat(create(autoRenew(new OfBoolean(true))).autoRenew()).isTrue();
    assertThat(create(autoRenew(new OfText("false"))).autoRenew()).isFalse();
    assertThat(create(autoRenew(new OfText("true"))).autoRenew()).isTrue();
    for (SettingValue wrong :
        new SettingValue[] {
          new OfText("no"), new OfText("TRUE"), new OfText(""), new OfNumber(1), NULL
        }) {
      assertThat(TimeoutTiers.create(LIMITS, AGENT, autoRenew(wrong)))
          .isEqualTo(new Outcome.Refused("autoRenew must be true or false, got " + wrong.shown()));
    }
  }

  @Test
  void unnamed_fields_of_a_patch_keep_the_sessions_values() {
    assertThat(patch(timeout(new OfNumber(60)))).isEqualTo(new TimeoutPolicy(60, false, 90, 3));
    assertThat(patch(autoRenew(new OfBoolean(true)))).isEqualTo(new TimeoutPolicy(20, true, 90, 3));
    assertThat(patch(maxDuration(new OfText("100"))))
        .isEqualTo(new TimeoutPolicy(20, false, 100, 3));
    assertThat(patch(threshold(new OfNumber(8)))).isEqualTo(new TimeoutPolicy(20, false, 90, 8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.999", "1440.001", "0", "-5", "1e300", "", "  "})
  void a_patch_refuses_a_timeout_out_of_range(String text) {
    String reason = "Timeout must be between 5 and 1440 minutes";
    assertThat(refusedPatch(timeout(new OfText(text)))).isEqualTo(reason);
    OfNumber number = new OfNumber(JsNumber.parse(text));
    assertThat(refusedPatch(timeout(number))).isEqualTo(reason);
  }

  @Test
  void the_range_in_the_refusal_is_the_configured_one() {
    TimeoutLimits limits = new TimeoutLimits(2, 90, new TimeoutPolicy(30, true, 720, 5));
    assertThat(TimeoutTiers.patch(limits, SESSION, timeout(new OfNumber(1))))
        .isEqualTo(new Outcome.Refused("Timeout must be between 2 and 90 minutes"));
  }

  @ParameterizedTest
  @CsvSource({"5,5", "1440,1440", "5.5,5.5", "0x10,16", "' 30 ',30"})
  void a_patch_takes_numbers_and_texts_within_range(String text, double expected) {
    assertThat(patch(timeout(new OfText(text))).timeoutMinutes()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"10,20", "90.5,90.5", "99999,2880", "-3,20"})
  void a_patch_clamps_the_maximum_with_the_timeout_of_the_session(double given, double expected) {
    assertThat(patch(maxDuration(new OfNumber(given))).maxDurationMinutes()).isEqualTo(expected);
  }

  static Stream<Arguments> wrongTypes() {
    return Stream.of(
        Arguments.of(NULL, "null"),
        Arguments.of(new OfBoolean(true), "true"),
        Arguments.of(new Other("an array"), "an array"),
        Arguments.of(new OfText("many"), "\"many\""),
        Arguments.of(new OfText("10e308"), "\"10e308\""),
        Arguments.of(new OfNumber(Double.POSITIVE_INFINITY), "Infinity"));
  }

  @ParameterizedTest
  @MethodSource("wrongTypes")
  void a_patch_refuses_what_is_no_finite_number(SettingValue given, String shown) {
    assertThat(refusedPatch(timeout(given)))
        .isEqualTo("timeoutMinutes must be a finite number, got " + shown);
    assertThat(refusedPatch(maxDuration(given)))
        .isEqualTo("maxDurationMinutes must be a finite number, got " + shown);
    assertThat(refusedPatch(threshold(given)))
        .isEqualTo("warningThresholdMinutes must be a finite number, got " + shown);
  }

  @Test
  void a_patch_takes_only_booleans_for_the_renewal() {
    for (SettingValue wrong :
        new SettingValue[] {new OfText("true"), new OfText("no"), new OfNumber(0), NULL}) {
      assertThat(refusedPatch(autoRenew(wrong)))
          .isEqualTo("autoRenew must be a boolean, got " + wrong.shown());
    }
  }

  @Test
  void a_patch_judges_all_types_before_the_range() {
    TimeoutRequest request = new TimeoutRequest(new OfNumber(1), NONE, NONE, NULL);
    assertThat(refusedPatch(request)).startsWith("warningThresholdMinutes must be");
  }

  @Test
  void a_long_text_is_cut_in_the_refusal() {
    assertThat(refusedPatch(timeout(new OfText("x".repeat(5_000))))).hasSizeLessThan(100);
  }

  @Test
  void the_agents_settings_lie_over_the_defaults_field_by_field() {
    assertThat(agent("SESSION_TIMEOUT_MINUTES", new OfNumber(60)))
        .isEqualTo(new TimeoutPolicy(60, true, 720, 5));
    assertThat(agent("SESSION_AUTO_RENEW", new OfText("false")))
        .isEqualTo(new TimeoutPolicy(30, false, 720, 5));
    assertThat(agent("SESSION_MAX_DURATION_MINUTES", new OfText("90")))
        .isEqualTo(new TimeoutPolicy(30, true, 90, 5));
    assertThat(agent("SESSION_WARNING_THRESHOLD_MINUTES", new OfText("2.5")))
        .isEqualTo(new TimeoutPolicy(30, true, 720, 2.5));
    assertThat(agent("SESSION_OTHER", new OfNumber(1))).isEqualTo(LIMITS.defaults());
  }

  @ParameterizedTest
  @CsvSource({
    "SESSION_TIMEOUT_MINUTES,0,5",
    "SESSION_TIMEOUT_MINUTES,9999,1440",
    "SESSION_MAX_DURATION_MINUTES,1,5",
    "SESSION_MAX_DURATION_MINUTES,9999,2880",
    "SESSION_WARNING_THRESHOLD_MINUTES,0,1",
    "SESSION_WARNING_THRESHOLD_MINUTES,9999,1440",
  })
  void an_agents_number_is_clamped(String name, double given, double expected) {
    for (SettingValue value : new SettingValue[] {new OfNumber(given), new OfText("" + given)}) {
      TimeoutPolicy policy = agent(name, value);
      double read =
          switch (name) {
            case "SESSION_TIMEOUT_MINUTES" -> policy.timeoutMinutes();
            case "SESSION_MAX_DURATION_MINUTES" -> policy.maxDurationMinutes();
            default -> policy.warningThresholdMinutes();
          };
      assertThat(read).isEqualTo(expected);
    }
  }

  @Test
  void true_and_false_of_an_agent_mean_what_they_say() {
    assertThat(agent("SESSION_AUTO_RENEW", new OfText("true")).autoRenew()).isTrue();
    assertThat(agent("SESSION_AUTO_RENEW", new OfBoolean(true)).autoRenew()).isTrue();
    assertThat(agent("SESSION_AUTO_RENEW", new OfText("false")).autoRenew()).isFalse();
    assertThat(agent("SESSION_AUTO_RENEW", new OfBoolean(false)).autoRenew()).isFalse();
    assertThat(agent("SESSION_AUTO_RENEW", new OfText("perhaps")).autoRenew()).isTrue();
  }

  @Test
  void an_agents_setting_that_says_nothing_counts_as_not_set() {
    for (SettingValue nothing :
        new SettingValue[] {
          NULL, NONE, new OfText(""), new OfText(" "), new OfText("many"), new OfBoolean(true)
        }) {
      for (String name :
          new String[] {
            "SESSION_TIMEOUT_MINUTES",
            "SESSION_MAX_DURATION_MINUTES",
            "SESSION_WARNING_THRESHOLD_MINUTES"
          }) {
        assertThat(agent(name, nothing)).isEqualTo(LIMITS.defaults());
      }
    }
  }

  private static TimeoutPolicy agent(String name, SettingValue value) {
    return TimeoutTiers.ofAgent(LIMITS, Map.of(name, value));
  }
}
