package sknet.cli;

import picocli.CommandLine.Option;

/** The option of commands without settings; {@link FailureReport} looks for it among the arguments. */
final class VerboseOption {

    @Option(names = "--verbose", description = "Print the stack trace of an error.")
    @SuppressWarnings("unused")
    private boolean verbose;
}
