package dev.parley.session;

/** The fields of a {@code timeoutConfig} as a request gave them (eliza.md section 3.3). */
public record TimeoutRequest(
    SettingValue timeoutMinutes,
    SettingValue autoRenew,
    SettingValue maxDurationMinutes,
    SettingValue warningThresholdMinutes) {
  /** A request that leaves everything to the tiers below. */
  public static final TimeoutRequest EMPTY =
      new TimeoutRequest(
          new SettingValue.Absent(),
          new SettingValue.Absent(),
          new SettingValue.Absent(),
          new SettingValue.Absent());
}
