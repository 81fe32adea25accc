package sknet.cli;

import java.util.List;

/** The configuration is wrong; the message lists every problem, a line each. */
final class InvalidSettingsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    InvalidSettingsException(List<String> problems) {
        super(problems.size() == 1 ? problems.get(0)
            : "Cannot use the configuration: " + problems.size() + " problems\n  " + String.join("\n  ", problems));
        this.problems = List.copyOf(problems);
    }

    List<String> problems() {
        return problems;
    }
}
