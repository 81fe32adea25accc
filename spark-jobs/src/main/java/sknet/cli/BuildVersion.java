package sknet.cli;

import picocli.CommandLine.IVersionProvider;

/** The program's version, from the jar's manifest. */
final class BuildVersion implements IVersionProvider {

    /** Like {@code sknet 0.1.0}; outside a jar the version is not known. */
    static String text() {
        return "sknet " + number();
    }

    /** The version alone. */
    static String number() {
        String version = BuildVersion.class.getPackage().getImplementationVersion();
        return version == null ? "(not from a jar)" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {text(), "Java " + Runtime.version()};
    }
}
