package dev.parley.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Words and options of a call. Behind {@code --} all are words; {@code -} is one, too. */
final class Arguments {
  private final List<String> words = new ArrayList<>();
  private final Map<String, List<String>> options = new LinkedHashMap<>();

  private Arguments() {}

  /**
   * Tells them apart.
   *
   * @param flags the options that stand by themselves
   * @param valued the options that a value follows
   * @throws WrongUsage for any other option, and for one without its value
   */
  static Arguments read(List<String> arguments, Set<String> flags, Set<String> valued) {
    Arguments read = new Arguments();
    boolean all = false;
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (all || !argument.startsWith("-") || argument.equals("-")) {
        read.words.add(argument);
      } else if (argument.equals("--")) {
        all = true;
      } else if (flags.contains(argument)) {
        read.add(argument, "");
      } else if (!valued.contains(argument)) {
        throw new WrongUsage("There is no option '" + argument + "'.");
      } else if (i + 1 == arguments.size()) {
        throw new WrongUsage("What " + argument + " is to be is not said.");
      } else {
        i++;
        read.add(argument, arguments.get(i));
      }
    }
    return read;
  }

  private void add(String option, String value) {
    options.computeIfAbsent(option, first -> new ArrayList<>()).add(value);
  }

  /**
   * The words, each of which has a meaning.
   *
   * @param meanings what they are, for whoever forgets one
   * @throws WrongUsage when there are more or fewer
   */
  List<String> words(String... meanings) {
    if (words.size() < meanings.length) {
      throw new WrongUsage("The " + meanings[words.size()] + " is missing.");
    }
    if (words.size() > meanings.length) {
      throw new WrongUsage(
          "What '" + words.get(meanings.length) + "' is for is not clear; quote what has spaces.");
    }
    return List.copyOf(words);
  }

  boolean has(String flag) {
    return options.containsKey(flag);
  }

  /** All values of an option, in their order. */
  List<String> all(String option) {
    return List.copyOf(options.getOrDefault(option, List.of()));
  }

  /**
   * The value of an option.
   *
   * @throws WrongUsage when it is given more than once
   */
  Optional<String> one(String option) {
    List<String> values = all(option);
    if (values.size() > 1) {
      throw new WrongUsage(option + " can be given once only.");
    }
    return values.stream().findFirst();
  }
}
