package dev.parley.ops.alerts;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.helpers.MessageFormatter;

/**
 * Makes texts of the log fit to leave the machine: without secrets and what clients have written.
 */
final class Scrubber {
  private static final String LEFT_OUT = "…";
  private static final int MAX_LENGTH = 500;

  /** Shorter ones would be found in ordinary words. */
  private static final int MIN_SECRET = 6;

  /** Names, ids, numbers, paths and patterns of them; neither sentences nor addresses of people. */
  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z0-9_.,:/%${}-]{1,200}");

  private static final Pattern SECRET_SHAPES =
      Pattern.compile(
          "eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*" // JWT
              + "|(?i:bearer)\\s+\\S+"
              + "|(?<=://)[^/\\s@]+(?=@)" // user and password of a URL
              + "|(?i)(?<=(token|key|secret|password)=)[^&\\s]+"
              + "|tr_[a-z]+_[A-Za-z0-9_]{8,}" // secret keys
              + "|[0-9]{6,}:[A-Za-z0-9_-]{30,}"); // keys of bots

  private final List<String> secrets;

  /**
   * @param secrets what must never leave, wherever it stands
   */
  Scrubber(Collection<String> secrets) {
    // The longest first: one may be the beginning of another.
    this.secrets =
        secrets.stream()
            .filter(secret -> secret.length() >= MIN_SECRET)
            .distinct()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
  }

  /**
   * A line of the log.
   *
   * @param template the text as the program has it, with {@code {}} for arguments
   * @param failure the text of the exception, which libraries like to repeat in theirs
   */
  String line(String template, Object @Nullable [] arguments, @Nullable String failure) {
    String plain = template;
    if (failure != null && !failure.isBlank()) {
      plain = plain.replace(failure, LEFT_OUT);
    }
    Object[] harmless =
        arguments == null
            ? new Object[0]
            : Arrays.stream(arguments).map(Scrubber::harmless).toArray();
    return text(String.valueOf(MessageFormatter.arrayFormat(plain, harmless).getMessage()));
  }

  /** Any text, as long as clients have no part in it. */
  String text(String text) {
    String clean = withoutSecrets(text);
    return clean.length() <= MAX_LENGTH ? clean : clean.substring(0, MAX_LENGTH) + LEFT_OUT;
  }

  /** What somebody wants to be told, as a whole. */
  String withoutSecrets(String text) {
    String clean = text;
    for (String secret : secrets) {
      clean = clean.replace(secret, LEFT_OUT);
    }
    return SECRET_SHAPES.matcher(clean).replaceAll(LEFT_OUT);
  }

  private static String harmless(@Nullable Object argument) {
    String text = String.valueOf(argument);
    return IDENTIFIER.matcher(text).matches() ? text : LEFT_OUT;
  }
}
