package dev.parley.ops.doctor;

import dev.parley.auth.Environment;
import java.util.List;
import java.util.concurrent.Callable;

/** Whether secret keys are too long to be guessed. */
public final class SecretKeys implements Callable<List<Check>> {
  public static final String NAME = "secret-keys";

  private static final int LONG_ENOUGH = 32;
  private static final int TOO_SHORT = 16;

  private final List<Environment> environments;
  private final boolean production;

  public SecretKeys(List<Environment> environments, boolean production) {
    this.environments = List.copyOf(environments);
    this.production = production;
  }

  @Override
  public List<Check> call() {
    List<Integer> lengths =
        environments.stream()
            .flatMap(environment -> environment.secretKeys().stream())
            .map(String::length)
            .sorted()
            .toList();
    int shortest = lengths.get(0);
    String value = lengths.size() + " in use, the shortest of " + shortest + " characters";
    String remedy =
        "Put a longer one in front of PARLEY_SECRET_KEY (openssl rand -hex 32), and drop the short"
            + " one when its tokens have expired";
    if (shortest >= LONG_ENOUGH) {
      return List.of(Check.ok(NAME, value));
    }
    return List.of(
        production && shortest < TOO_SHORT
            ? Check.fail(NAME, value, remedy)
            : Check.warn(NAME, value, remedy));
  }
}
