package dev.parley.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.session.LifetimeDeadline.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Named examples of the clockwork (eliza.md section 4). Minutes count from the creation. */
class LifetimeTest {
  private static final Instant CREATED = Instant.parse("2026-03-01T12:00:00.007Z");
  private static final TimeoutPolicy SLIDING = new TimeoutPolicy(30, true, 720, 5);
  private static final TimeoutPolicy FIXED = new TimeoutPolicy(30, false, 720, 5);

  private static Instant minute(double minutes) {
    return CREATED.plusMillis(Math.round(minutes * 60_000));
  }

  private static Lifetime create(TimeoutPolicy policy) {
    return Lifetime.create(policy, CREATED);
  }

  private static Lifetime renewed(Lifetime lifetime, Activity activity, double minutes) {
    return ((Touch.Renewed) lifetime.on(activity, minute(minutes))).lifetime();
  }

  private static Lifetime noted(Lifetime lifetime, Activity activity, double minutes) {
    return ((Touch.Noted) lifetime.on(activity, minute(minutes))).lifetime();
  }

  @ParameterizedTest
  @CsvSource({"30,720,30", "1440,720,720", "5.5,720,5.5", "60,60,60", "20160,20160,20160"})
  void on_create_the_end_is_the_timeout_or_the_maximum(
      double timeout, double maximum, double expected) {
    for (boolean autoRenew : new boolean[] {true, false}) {
      Lifetime lifetime = create(new TimeoutPolicy(timeout, autoRenew, maximum, 5));
      assertThat(lifetime.expiresAt()).isEqualTo(minute(expected));
      assertThat(lifetime.renewalCount()).isZero();
      assertThat(lifetime.lastActivity()).isEqualTo(CREATED);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"MESSAGE", "HEARTBEAT", "MANUAL"})
  void a_renewal_moves_the_end_and_counts(Activity activity) {
    Lifetime after = renewed(create(SLIDING).noteWarning(), activity, 12.5);
    assertThat(after.lastActivity()).isEqualTo(minute(12.5));
    assertThat(after.expiresAt()).isEqualTo(minute(42.5));
    assertThat(after.renewalCount()).isEqualTo(1);
    assertThat(after.warned()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    // timeout, maximum, threshold, now, the warning that a renewal would bring
    "8, 720, 5, 3, 6",
    "30, 720, 25, 6, 11",
    // The maximum brings the end, and so the warning, nearer.
    "8, 9, 5, 3, 4",
    // It would come behind the end, or with the renewal.
    "30, 720, 5, 26, ",
    "8, 720, 8, 3, ",
  })
  void a_renewal_behind_the_warning_may_bring_the_next_one_before_the_end(
      double timeout, double maximum, int threshold, double now, @Nullable Double expected) {
    Lifetime warned = create(new TimeoutPolicy(timeout, true, maximum, threshold)).noteWarning();
    assertThat(warned.nextWarning(minute(now)))
        .isEqualTo(Optional.ofNullable(expected).map(LifetimeTest::minute));
    if (expected != null) {
      assertThat(renewed(warned, Activity.HEARTBEAT, now).warnAt()).contains(minute(expected));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"MESSAGE", "HEARTBEAT", "AGENT"})
  void without_auto_renewal_activity_only_moves_the_last_activity(Activity activity) {
    Lifetime after = noted(create(FIXED).noteWarning(), activity, 27);
    assertThat(after.lastActivity()).isEqualTo(minute(27));
    assertThat(after.expiresAt()).isEqualTo(minute(30));
    assertThat(after.renewalCount()).isZero();
    assertThat(after.warned()).isTrue();
  }

  @Test
  void a_manual_renewal_renews_a_fixed_session_and_leaves_it_fixed() {
    Lifetime after = renewed(create(FIXED), Activity.MANUAL, 20);
    assertThat(after.expiresAt()).isEqualTo(minute(50));
    assertThat(after.renewalCount()).isEqualTo(1);
    assertThat(after.policy()).isEqualTo(FIXED);
  }

  @Test
  void output_of_the_agent_extends_a_sliding_session_without_being_counted() {
    Lifetime after = renewed(create(SLIDING), Activity.AGENT, 20);
    assertThat(after.base()).isEqualTo(minute(20));
    assertThat(after.lastActivity()).isEqualTo(minute(20));
    assertThat(after.expiresAt()).isEqualTo(minute(50));
    assertThat(after.renewalCount()).isZero();
  }

  @Test
  void output_of_the_agent_brings_the_warning_again_only_if_it_led_away_from_the_end() {
    Lifetime warned = create(SLIDING).noteWarning();
    assertThat(renewed(warned, Activity.AGENT, 26).warned()).isFalse();
    TimeoutPolicy alwaysNear = new TimeoutPolicy(30, true, 720, 60);
    Lifetime stillNear = renewed(create(alwaysNear).noteWarning(), Activity.AGENT, 26);
    assertThat(stillNear.warned()).isTrue();
    assertThat(renewed(stillNear, Activity.MESSAGE, 26).warned()).isFalse();
  }

  @Test
  void near_the_maximum_a_renewal_succeeds_and_counts_while_the_end_stays() {
    TimeoutPolicy policy = new TimeoutPolicy(30, true, 60, 5);
    Lifetime lifetime = renewed(create(policy), Activity.MESSAGE, 29);
    lifetime = renewed(lifetime, Activity.MESSAGE, 45);
    assertThat(lifetime.expiresAt()).isEqualTo(minute(60));
    lifetime = renewed(lifetime, Activity.MANUAL, 59.9);
    assertThat(lifetime.expiresAt()).isEqualTo(minute(60));
    assertThat(lifetime.renewalCount()).isEqualTo(3);
    assertThat(lifetime.lastActivity()).isEqualTo(minute(59.9));
  }

  @Test
  void the_session_is_expired_from_its_end_on_to_the_millisecond() {
    Lifetime lifetime = create(SLIDING);
    assertThat(lifetime.isExpired(minute(30).minusMillis(1))).isFalse();
    assertThat(lifetime.timeRemaining(minute(30).minusMillis(1))).isEqualTo(Duration.ofMillis(1));
    assertThat(lifetime.isExpired(minute(30))).isTrue();
    assertThat(lifetime.timeRemaining(minute(30))).isZero();
    assertThat(lifetime.timeRemaining(minute(300))).isZero();
    for (Activity activity : Activity.values()) {
      assertThat(lifetime.on(activity, minute(30))).isEqualTo(new Touch.Expired(minute(30)));
    }
  }

  @Test
  void at_the_maximum_a_manual_renewal_hears_so_and_others_that_the_session_expired() {
    TimeoutPolicy policy = new TimeoutPolicy(30, true, 60, 5);
    Lifetime lifetime = create(policy);
    Instant justBefore = minute(60).minusMillis(1);
    assertThat(lifetime.canRenew(justBefore)).isTrue();
    assertThat(lifetime.on(Activity.MANUAL, justBefore)).isInstanceOf(Touch.Expired.class);
    assertThat(lifetime.canRenew(minute(60))).isFalse();
    assertThat(lifetime.on(Activity.MANUAL, minute(60))).isEqualTo(new Touch.AtMaximum(minute(60)));
    assertThat(lifetime.on(Activity.MESSAGE, minute(60))).isEqualTo(new Touch.Expired(minute(30)));
  }

  @ParameterizedTest
  @CsvSource({"24.9,false", "25,true", "29.99,true", "30,false", "31,false"})
  void near_means_within_the_threshold_and_not_over(double minutes, boolean near) {
    assertThat(create(SLIDING).isNearExpiration(minute(minutes))).isEqualTo(near);
  }

  @ParameterizedTest
  @CsvSource({"30", "30.5", "1e15", "1.7976931348623157e308"})
  void a_threshold_not_below_the_timeout_is_near_from_the_first_moment(double threshold) {
    Lifetime lifetime = create(new TimeoutPolicy(30, true, 720, threshold));
    assertThat(lifetime.isNearExpiration(CREATED)).isTrue();
    assertThat(lifetime.warnAt()).contains(CREATED);
    assertThat(lifetime.due(CREATED)).contains(new LifetimeDeadline(Kind.WARNING, CREATED));
  }

  @ParameterizedTest
  @CsvSource({"25,5", "25.00001,5", "26,4", "26.5,4", "29,1", "29.999,1", "30,1", "0,30"})
  void the_minutes_of_a_warning_are_rounded_up_and_at_least_one(double at, long minutes) {
    assertThat(create(SLIDING).minutesRemaining(minute(at))).isEqualTo(minutes);
  }

  @Test
  void the_warning_comes_once_and_again_after_a_renewal() {
    Lifetime lifetime = create(SLIDING);
    assertThat(lifetime.next()).contains(new LifetimeDeadline(Kind.WARNING, minute(25)));
    assertThat(lifetime.due(minute(25).minusMillis(1))).isEmpty();
    assertThat(lifetime.due(minute(26))).contains(new LifetimeDeadline(Kind.WARNING, minute(25)));
    Lifetime warned = lifetime.noteWarning();
    assertThat(warned.warnAt()).isEmpty();
    assertThat(warned.due(minute(26))).isEmpty();
    assertThat(warned.next()).contains(new LifetimeDeadline(Kind.EXPIRY, minute(30)));
    assertThat(warned.isNearExpiration(minute(26))).isTrue();
    Lifetime again = renewed(warned, Activity.HEARTBEAT, 28);
    assertThat(again.next()).contains(new LifetimeDeadline(Kind.WARNING, minute(53)));
  }

  @Test
  void a_warning_missed_until_the_end_is_left_out() {
    Lifetime lifetime = create(SLIDING);
    assertThat(lifetime.due(minute(500))).contains(new LifetimeDeadline(Kind.EXPIRY, minute(30)));
    Lifetime over = lifetime.noteExpiry();
    assertThat(over.due(minute(500))).isEmpty();
    assertThat(over.next()).isEmpty();
    assertThat(over.warnAt()).isEmpty();
  }

  @Test
  void a_reported_end_stays_even_where_a_clock_stands_before_it() {
    Lifetime over = create(SLIDING).noteExpiry();
    assertThat(over.isExpired(minute(3))).isTrue();
    assertThat(over.timeRemaining(minute(3))).isZero();
    assertThat(over.isNearExpiration(minute(26))).isFalse();
    assertThat(over.on(Activity.MESSAGE, minute(3))).isInstanceOf(Touch.Expired.class);
    assertThat(over.on(Activity.MANUAL, minute(3))).isInstanceOf(Touch.Expired.class);
  }

  @Test
  void a_clock_that_stands_before_the_last_activity_takes_nothing_away() {
    Lifetime lifetime = renewed(create(SLIDING), Activity.MESSAGE, 20);
    Lifetime after = renewed(lifetime, Activity.MESSAGE, 19);
    assertThat(after.renewalCount()).isEqualTo(2);
    assertThat(after.expiresAt()).isEqualTo(minute(50));
    assertThat(after.lastActivity()).isEqualTo(minute(20));
  }

  @Test
  void a_patch_is_no_renewal() {
    Lifetime lifetime = renewed(create(SLIDING), Activity.MESSAGE, 10);
    Lifetime after = lifetime.withPolicy(new TimeoutPolicy(60, true, 720, 5), minute(15));
    assertThat(after.expiresAt()).isEqualTo(minute(70));
    assertThat(after.lastActivity()).isEqualTo(minute(10));
    assertThat(after.renewalCount()).isEqualTo(1);
  }

  @Test
  void a_fixed_session_patched_late_is_not_pushed_out_to_the_maximum() {
    TimeoutPolicy policy = new TimeoutPolicy(50, false, 60, 5);
    Lifetime after = create(policy).withPolicy(new TimeoutPolicy(55, false, 60, 5), minute(40));
    assertThat(after.expiresAt()).isEqualTo(minute(55));
  }

  @Test
  void a_manual_renewal_of_a_fixed_session_survives_the_next_patch() {
    Lifetime lifetime = renewed(create(FIXED), Activity.MANUAL, 25);
    Lifetime after = lifetime.withPolicy(new TimeoutPolicy(40, false, 720, 5), minute(26));
    assertThat(after.expiresAt()).isEqualTo(minute(65));
  }

  @Test
  void activity_of_a_fixed_session_does_not_count_when_it_becomes_sliding() {
    Lifetime lifetime = noted(create(FIXED), Activity.MESSAGE, 20);
    Lifetime after = lifetime.withPolicy(SLIDING, minute(21));
    assertThat(after.expiresAt()).isEqualTo(minute(30));
  }

  @Test
  void a_patch_may_put_the_end_into_the_past_and_the_expiry_is_due() {
    Lifetime lifetime = create(SLIDING);
    Lifetime after = lifetime.withPolicy(new TimeoutPolicy(5, true, 720, 5), minute(20));
    assertThat(after.timeRemaining(minute(20))).isZero();
    assertThat(after.isNearExpiration(minute(20))).isFalse();
    assertThat(after.due(minute(20))).contains(new LifetimeDeadline(Kind.EXPIRY, minute(5)));
    assertThat(after.on(Activity.MESSAGE, minute(20))).isEqualTo(new Touch.Expired(minute(5)));
  }

  @Test
  void a_patch_may_put_the_maximum_before_the_last_renewal() {
    Lifetime lifetime = renewed(create(SLIDING), Activity.MESSAGE, 25);
    Lifetime after = lifetime.withPolicy(new TimeoutPolicy(10, true, 20, 5), minute(26));
    assertThat(after.expiresAt()).isEqualTo(minute(20));
    assertThat(after.due(minute(26))).contains(new LifetimeDeadline(Kind.EXPIRY, minute(20)));
  }

  @ParameterizedTest
  @CsvSource({"60,5,false", "30,5,true", "32,5,false", "32,10,true", "30,2,false", "30,4,true"})
  void a_warning_counts_after_a_patch_as_long_as_the_end_is_near(
      double timeout, double threshold, boolean warned) {
    Lifetime lifetime = create(SLIDING).noteWarning();
    TimeoutPolicy changed = new TimeoutPolicy(timeout, true, 720, threshold);
    assertThat(lifetime.withPolicy(changed, minute(26)).warned()).isEqualTo(warned);
  }

  @Test
  void a_patch_that_leads_near_the_end_makes_the_warning_due() {
    Lifetime after = create(SLIDING).withPolicy(new TimeoutPolicy(30, true, 720, 25), minute(7));
    assertThat(after.due(minute(7))).contains(new LifetimeDeadline(Kind.WARNING, minute(5)));
  }

  @Test
  void an_expired_session_has_no_policy_to_change() {
    assertThatThrownBy(() -> create(SLIDING).withPolicy(FIXED, minute(30)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("2026-03-01T12:30:00.007Z");
  }

  @Test
  void a_life_out_of_order_is_not_made() {
    assertThatThrownBy(() -> new Lifetime(CREATED, minute(-1), CREATED, 0, SLIDING, false, false))
        .hasMessageContaining("out of order");
    assertThatThrownBy(() -> new Lifetime(CREATED, minute(2), minute(1), 1, SLIDING, false, false))
        .hasMessageContaining("out of order");
  }

  @Test
  void each_activity_has_the_word_of_the_lifecycle_channel() {
    assertThat(Activity.values())
        .extracting(Activity::cause)
        .containsExactly("message", "heartbeat", "manual", "agent");
  }
}
