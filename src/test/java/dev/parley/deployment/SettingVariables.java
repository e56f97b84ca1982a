package dev.parley.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Environment variables that the server knows. */
final class SettingVariables {
  private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{\\?([A-Z0-9_]+)}");

  private SettingVariables() {}

  /** All that stand in the configuration. */
  static Set<String> known() {
    try {
      Matcher matcher = SUBSTITUTION.matcher(Files.readString(Path.of("conf/application.conf")));
      return matcher.results().map(found -> found.group(1)).collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Those of Parley's that are set somewhere, and that it does not know. */
  static Set<String> unknownOf(Set<String> set) {
    Set<String> unknown = new TreeSet<>();
    set.stream().filter(name -> name.startsWith("PARLEY_")).forEach(unknown::add);
    unknown.removeAll(known());
    return unknown;
  }
}
