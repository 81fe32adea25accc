package sknet.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The program's version, from the jar's manifest, and the commit that it was built from, which the build writes where there is a git repository. */
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

    /** Like {@code 043c8f1e2d3c}, with a + where files differed from it; nothing if the build did not know. */
    static Optional<String> commit() {
        try (InputStream in = BuildVersion.class.getResourceAsStream("commit.properties")) {
            if (in == null) {
                return Optional.empty();
            }
            Properties properties = new Properties();
            properties.load(in);
            return Optional.of(properties.getProperty("commit", "")).filter(commit -> !commit.isBlank());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot tell the commit", e);
        }
    }

    @Override
    public String[] getVersion() {
        return new String[] {text(), "Java " + Runtime.version()};
    }
}
