package sknet.interchange;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A name with numbers in it, like {@code layer{s+1}.{b}.conv1.weight}: each place has a letter, and perhaps what is added to its number.
 */
final class NameTemplate {
    private static final Pattern PLACE = Pattern.compile("\\{([a-z])(?:\\+(\\d))?}");

    private final String text;
    private final Pattern pattern;

    NameTemplate(String text) {
        this.text = text;
        StringBuilder expression = new StringBuilder();
        Matcher place = PLACE.matcher(text);
        int literal = 0;
        while (place.find()) {
            expression.append(Pattern.quote(text.substring(literal, place.start())))
                    .append("(?<").append(place.group(1)).append(">\\d{1,6})");
            literal = place.end();
        }
        this.pattern = Pattern.compile(expression.append(Pattern.quote(text.substring(literal))).toString());
    }

    /** The numbers by letter in a name of this form; empty for one of another form. */
    Optional<Map<String, Integer>> match(String name) {
        Matcher matcher = pattern.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Map<String, Integer> numbers = new HashMap<>();
        PLACE.matcher(text).results().forEach(place ->
                numbers.put(place.group(1), Integer.parseInt(matcher.group(place.group(1))) - added(place)));
        return Optional.of(numbers);
    }

    /** The name of this form with these numbers. */
    String fill(Map<String, Integer> numbers) {
        return PLACE.matcher(text).replaceAll(place -> Integer.toString(numbers.get(place.group(1)) + added(place)));
    }

    private static int added(MatchResult place) {
        return place.group(2) == null ? 0 : Integer.parseInt(place.group(2));
    }
}
